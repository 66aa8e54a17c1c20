"""Doors for tests only, under /_simulator/: faults to order, and a look into the book."""

import json

from aiohttp import web

from deploy.local.mollie.book import Book
from deploy.local.mollie.faults import FaultBoard
from deploy.local.mollie.problems import Problem, answer
from deploy.local.mollie.teller import Teller


class Control:
    """Faults to order, a look at all payments, and what the bank of a customer does."""

    def __init__(self, book: Book, teller: Teller, faults: FaultBoard) -> None:
        self._book, self._teller, self._faults = book, teller, faults

    def routes(self) -> list[web.RouteDef]:
        """The doors for tests."""
        return [
            web.get("/_simulator/faults", self._show_faults),
            web.post("/_simulator/faults", self._set_faults),
            web.delete("/_simulator/faults", self._reset_faults),
            web.get("/_simulator/payments", self._show_payments),
            web.post("/_simulator/payments/{payment}/chargebacks", self._charge_back),
            web.delete("/_simulator/payments/{payment}/chargebacks/{chargeback}", self._reverse),
        ]

    async def _show_faults(self, _: web.Request) -> web.Response:
        return web.json_response(self._faults.document())

    async def _set_faults(self, request: web.Request) -> web.Response:
        try:
            given = json.loads(await request.read())
        except ValueError:
            return answer(Problem(400, "The request body is not valid JSON"))
        refused = self._faults.set(given)
        return answer(refused) if refused else web.json_response(self._faults.document())

    async def _reset_faults(self, _: web.Request) -> web.Response:
        self._faults.reset()
        return web.json_response(self._faults.document())

    async def _charge_back(self, request: web.Request) -> web.Response:
        """The bank takes back all that is there, or `units` of it (JSON) in the smallest unit."""
        payment = self._book.payment(request.match_info["payment"])
        if payment is None:
            return answer(Problem(404, "There is no such payment"))
        given = json.loads(await request.read() or "{}")
        made = self._teller.charge_back(payment, given.get("units"))
        return answer(made) if isinstance(made, Problem) else web.json_response({"id": made.id}, status=201)

    async def _reverse(self, request: web.Request) -> web.Response:
        """The bank gives it up; the money comes again."""
        payment = self._book.payment(request.match_info["payment"])
        if payment is None:
            return answer(Problem(404, "There is no such payment"))
        back = self._teller.reverse(payment, request.match_info["chargeback"])
        return answer(back) if isinstance(back, Problem) else web.json_response({"id": back.id})

    async def _show_payments(self, _: web.Request) -> web.Response:
        """All payments, newest first, each with its webhook calls: attempt, last status, when again."""
        self._teller.let_time_pass()
        payments = [
            {
                "id": payment.id,
                "mode": payment.mode,
                "status": payment.status,
                "expires": payment.expires,
                **payment.facts,
                "refunds": [{"id": r.id, "status": r.status} for r in self._book.refunds(payment.id)],
                "webhooks": self._book.calls(payment.id),
            }
            for mode in ("test", "live")
            for payment in self._book.payments(mode)
        ]
        return web.json_response({"payments": payments})
