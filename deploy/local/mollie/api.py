"""The API itself: payments, refunds, chargebacks, methods under /v2/, as the official client calls them."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from deploy.local.mollie.book import Book, Payment
from deploy.local.mollie.documents import (
    Page,
    chargeback_document,
    cut_page,
    link,
    list_document,
    payment_document,
    refund_document,
)
from deploy.local.mollie.faults import FaultBoard
from deploy.local.mollie.methods import METHODS, method_document
from deploy.local.mollie.problems import Problem, answer, hal
from deploy.local.mollie.requests import read_body, read_changes, read_mode, read_refund, read_wish
from deploy.local.mollie.settings import Settings
from deploy.local.mollie.teller import Teller

KEYS_KEPT = 3600.0
Result = tuple[int, object] | Problem
Handler = Callable[[web.Request, str], Result]


def base_of(request: web.Request, settings: Settings) -> str:
    """The address the client uses: links must start with it, or the client would not follow them."""
    return settings.base or f"{request.scheme}://{request.host}"


class Api:
    """One method per call of Mollie's reference; each gives a status and a document, or a refusal."""

    def __init__(
        self, book: Book, teller: Teller, faults: FaultBoard, settings: Settings, now: Callable[[], float]
    ) -> None:
        self._book, self._teller, self._faults = book, teller, faults
        self._settings, self._now = settings, now

    def routes(self) -> list[web.RouteDef]:
        """The routes of the API."""
        payment = "/v2/payments/{payment}"
        refunds, chargebacks = f"{payment}/refunds", f"{payment}/chargebacks"
        return [
            web.post("/v2/payments", self._once(self._create)),
            web.get("/v2/payments", self._door(self._list)),
            web.get(payment, self._door(self._get)),
            web.patch(payment, self._with_body(self._change)),
            web.delete(payment, self._door(self._cancel)),
            web.post(refunds, self._once(self._refund)),
            web.get(refunds, self._door(self._list_refunds)),
            web.get(refunds + "/{refund}", self._door(self._get_refund)),
            web.delete(refunds + "/{refund}", self._door(self._cancel_refund)),
            web.get("/v2/refunds", self._door(self._list_all_refunds)),
            web.get(chargebacks, self._door(self._list_chargebacks)),
            web.get(chargebacks + "/{chargeback}", self._door(self._get_chargeback)),
            web.get("/v2/chargebacks", self._door(self._list_all_chargebacks)),
            web.get("/v2/methods", self._door(self._list_methods)),
            web.get("/v2/methods/all", self._door(self._list_methods)),
            web.get("/v2/methods/{method}", self._door(self._get_method)),
        ]

    def _door(self, handle: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def called(request: web.Request) -> web.StreamResponse:
            mode = self._admit(request)
            return answer(mode) if isinstance(mode, Problem) else respond(handle(request, mode))

        return called

    def _with_body(
        self, handle: Callable[[web.Request, str, bytes], Result]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def called(request: web.Request) -> web.StreamResponse:
            mode = self._admit(request)
            if isinstance(mode, Problem):
                return answer(mode)
            return respond(handle(request, mode, await request.read()))

        return called

    def _once(
        self, handle: Callable[[web.Request, str, bytes], Result]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        """A POST: the same Idempotency-Key gets the same answer for an hour."""

        async def called(request: web.Request) -> web.StreamResponse:
            mode = self._admit(request)
            if isinstance(mode, Problem):
                return answer(mode)
            response = self._answer_once(handle, request, mode, await request.read())
            if response.status == 201 and self._faults.take("timeout_after_create"):
                await self._leave_unanswered(request)
            return response

        return called

    async def _leave_unanswered(self, request: web.Request) -> None:
        """The work is done and the client hears nothing: silence, then the end of the connection."""
        await asyncio.sleep(self._settings.silence)
        if request.transport is not None:
            request.transport.abort()

    def _answer_once(
        self,
        handle: Callable[[web.Request, str, bytes], Result],
        request: web.Request,
        mode: str,
        body: bytes,
    ) -> web.Response:
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return respond(handle(request, mode, body))
        told = f"{request.method} {request.path}\n".encode() + canonical(body)
        fingerprint = hashlib.sha256(told).hexdigest()
        known = self._book.answer(key, mode, self._now() - KEYS_KEPT)
        if known is not None and known[0] != fingerprint:
            return answer(Problem(400, "The idempotency key was used before for another request"))
        if known is not None:
            return hal(json.loads(known[2]), known[1], {"Idempotent-Replayed": "true"})
        with self._book.together():
            response = respond(handle(request, mode, body))
            if response.status != 400:
                text = response.text or "null"
                self._book.remember(key, mode, fingerprint, response.status, text, self._now())
        return response

    def _admit(self, request: web.Request) -> str | Problem:
        if self._faults.take("unavailable"):
            return Problem(503, "The service is temporarily unavailable")
        return read_mode(request.headers.get("Authorization"), self._settings.keys)

    def _payment(self, request: web.Request, mode: str) -> Payment | Problem:
        return self._teller.find(request.match_info["payment"], mode)

    def _shown(self, request: web.Request, payment: Payment) -> dict[str, object]:
        """The payment with what `embed` asks for (https://docs.mollie.com/reference/get-payment)."""
        base = base_of(request, self._settings)
        sums = self._teller.refunded(payment), self._teller.charged_back(payment)
        document = payment_document(payment, *sums, base)
        asked, embedded = request.query.get("embed", "").split(","), {}
        if "refunds" in asked:
            embedded["refunds"] = [refund_document(one, base) for one in self._book.refunds(payment.id)]
        if "chargebacks" in asked:
            taken = self._book.chargebacks(payment.id)
            embedded["chargebacks"] = [chargeback_document(one, payment, base) for one in taken]
        return document | ({"_embedded": embedded} if embedded else {})

    def _create(self, request: web.Request, mode: str, raw: bytes) -> Result:
        body = read_body(raw)
        wish = body if isinstance(body, Problem) else read_wish(body)
        if isinstance(wish, Problem):
            return wish
        return 201, self._shown(request, self._teller.create(wish, mode))

    def _get(self, request: web.Request, mode: str) -> Result:
        payment = self._payment(request, mode)
        return payment if isinstance(payment, Problem) else (200, self._shown(request, payment))

    def _list(self, request: web.Request, mode: str) -> Result:
        self._teller.let_time_pass()
        payments = {payment.id: payment for payment in self._book.payments(mode)}
        page = self._page(request, list(payments))
        if isinstance(page, Problem):
            return page
        shown = [self._shown(request, payments[id]) for id in page.ids]
        return 200, list_document("payments", shown, page.links)

    def _page(self, request: web.Request, ids: list[str]) -> Page | Problem:
        address = base_of(request, self._settings) + request.path
        return cut_page(ids, address, request.query.get("from"), request.query.get("limit"))

    def _change(self, request: web.Request, mode: str, raw: bytes) -> Result:
        payment, body = self._payment(request, mode), read_body(raw)
        if isinstance(payment, Problem):
            return payment
        changes = body if isinstance(body, Problem) else read_changes(body)
        changed = changes if isinstance(changes, Problem) else self._teller.change(payment, changes)
        return changed if isinstance(changed, Problem) else (200, self._shown(request, changed))

    def _cancel(self, request: web.Request, mode: str) -> Result:
        payment = self._payment(request, mode)
        canceled = payment if isinstance(payment, Problem) else self._teller.cancel(payment)
        return canceled if isinstance(canceled, Problem) else (200, self._shown(request, canceled))

    def _refund(self, request: web.Request, mode: str, raw: bytes) -> Result:
        payment, body = self._payment(request, mode), read_body(raw)
        if isinstance(payment, Problem):
            return payment
        wish = body if isinstance(body, Problem) else read_refund(body)
        refund = wish if isinstance(wish, Problem) else self._teller.refund(payment, wish)
        if isinstance(refund, Problem):
            return refund
        return 201, refund_document(refund, base_of(request, self._settings))

    def _list_refunds(self, request: web.Request, mode: str) -> Result:
        payment = self._payment(request, mode)
        return payment if isinstance(payment, Problem) else self._refunds_of(request, {payment.id})

    def _list_all_refunds(self, request: web.Request, mode: str) -> Result:
        self._teller.let_time_pass()
        return self._refunds_of(request, {payment.id for payment in self._book.payments(mode)})

    def _refunds_of(self, request: web.Request, payments: set[str]) -> Result:
        refunds = {refund.id: refund for refund in self._book.refunds() if refund.payment in payments}
        page = self._page(request, list(refunds))
        if isinstance(page, Problem):
            return page
        base = base_of(request, self._settings)
        return 200, list_document(
            "refunds", [refund_document(refunds[id], base) for id in page.ids], page.links
        )

    def _get_refund(self, request: web.Request, mode: str) -> Result:
        payment = self._payment(request, mode)
        if isinstance(payment, Problem):
            return payment
        refund = self._teller.find_refund(payment, request.match_info["refund"])
        if isinstance(refund, Problem):
            return refund
        return 200, refund_document(refund, base_of(request, self._settings))

    def _cancel_refund(self, request: web.Request, mode: str) -> Result:
        payment = self._payment(request, mode)
        if isinstance(payment, Problem):
            return payment
        refund = self._teller.find_refund(payment, request.match_info["refund"])
        refused = refund if isinstance(refund, Problem) else self._teller.cancel_refund(refund)
        return refused or (204, None)

    def _list_chargebacks(self, request: web.Request, mode: str) -> Result:
        payment = self._payment(request, mode)
        return payment if isinstance(payment, Problem) else self._chargebacks_of(request, [payment])

    def _list_all_chargebacks(self, request: web.Request, mode: str) -> Result:
        return self._chargebacks_of(request, self._book.payments(mode))

    def _chargebacks_of(self, request: web.Request, payments: list[Payment]) -> Result:
        of = {payment.id: payment for payment in payments}
        taken = {one.id: one for one in self._book.chargebacks() if one.payment in of}
        page = self._page(request, list(taken))
        if isinstance(page, Problem):
            return page
        base = base_of(request, self._settings)
        shown = [chargeback_document(taken[id], of[taken[id].payment], base) for id in page.ids]
        return 200, list_document("chargebacks", shown, page.links)

    def _get_chargeback(self, request: web.Request, mode: str) -> Result:
        payment = self._payment(request, mode)
        if isinstance(payment, Problem):
            return payment
        found = self._teller.find_chargeback(payment, request.match_info["chargeback"])
        if isinstance(found, Problem):
            return found
        return 200, chargeback_document(found, payment, base_of(request, self._settings))

    def _list_methods(self, request: web.Request, _mode: str) -> Result:
        base = base_of(request, self._settings)
        links, locale = {"self": link(base + request.path)}, request.query.get("locale", "en_US")
        return 200, list_document("methods", [method_document(m, base, locale) for m in METHODS], links)

    def _get_method(self, request: web.Request, _mode: str) -> Result:
        method = request.match_info["method"]
        if method not in METHODS:
            return Problem(404, "No method exists with that id.")
        base = base_of(request, self._settings)
        return 200, method_document(method, base, request.query.get("locale", "en_US"))


def respond(result: Result) -> web.Response:
    """The HTTP answer for a result."""
    if isinstance(result, Problem):
        return answer(result)
    status, body = result
    return web.Response(status=204) if status == 204 else hal(body, status)


def canonical(body: bytes) -> bytes:
    """The body with its keys in order, so that only its meaning counts; what cannot be read stays."""
    try:
        return json.dumps(json.loads(body), sort_keys=True).encode()
    except ValueError:
        return body
