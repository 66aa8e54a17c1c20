"""The order page: back from paying, tickets, another try."""

from __future__ import annotations

from uuid import uuid4

from aiohttp import web

from chassis.reason import Reason
from contracts.actors import STAFF, Role
from contracts.looks import ReasonCode
from contracts.orders.api import Order
from services.gateway.entrypoints.pages.frame import Frame, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, in_role, with_session
from services.gateway.entrypoints.pages.reasons import AT_COUNTER, reason_of
from services.gateway.handlers.act_for_order import act_for_order
from services.gateway.handlers.see_basket import order_of_hold
from services.gateway.neighbours.caller import Document, Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path


class Orders:
    """Pages about one order."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def back(self, request: web.Request) -> web.Response:
        """GET /back/{hold}: where Mollie sends a buyer after paying."""
        order = await order_of_hold(self._desk, with_session(request), id_in(request, "hold"))
        return see(path("basket") if order is None else path("order", order=order))

    async def order(self, request: web.Request) -> web.Response:
        """GET /order/{order}; staff say first why they look."""
        if with_session(request).actor.role in STAFF:
            return await self._ask_why(request, None)
        return await self._show(request, None)

    async def look(self, request: web.Request) -> web.Response:
        """POST /order/{order}/look: the counter looks at somebody's order, for the reason that it chose."""
        in_role(request, Role.BOX_OFFICE)
        reason = reason_of(dict(await fields_of(request)).get("reason", ""), AT_COUNTER)
        if isinstance(reason, Declined):
            return await self._ask_why(request, reason)
        return await self._show(request, reason)

    async def _show(self, request: web.Request, reason: Reason | None) -> web.Response:
        source, acting = ("orders", f"/orders/{id_in(request, 'order')}"), await self._acting(request)
        found = await self._frame.read(request, source, Order, acting, reason)
        sent = request.query.get("sent") == "again"
        return await self._frame.show(request, "order", order=found, sent_again=sent, key=uuid4().hex)

    async def _ask_why(self, request: web.Request, refused: Declined | None) -> web.Response:
        in_role(request, Role.BOX_OFFICE)
        errors = [{"field": "reason", "message": self._frame.said(request, refused)}] if refused else []
        order, status = id_in(request, "order"), refused.status if refused else 200
        return await self._frame.show(
            request, "order_reason", status, order=order, reasons=AT_COUNTER, errors=errors
        )

    async def pay_again(self, request: web.Request) -> web.Response:
        """POST /order/{order}/pay: each click is a try of its own; orders begins none while one is open."""
        order, acting = id_in(request, "order"), await self._acting(request)
        asked = ("orders", "POST", f"/orders/{order}/payment")
        tried = granted(await self._frame.ask(request, asked, Order, acting, key=uuid4().hex))
        return see(tried.checkout_url or path("order", order=tried.id))

    async def paper(self, request: web.Request) -> web.Response:
        """GET /order/{order}/tickets.pdf"""
        return await paper(self._frame, request, await self._acting(request))

    async def _acting(self, request: web.Request) -> Acting:
        return await act_for_order(self._desk, with_session(request), id_in(request, "order"))


async def paper(frame: Frame, request: web.Request, acting: Acting) -> web.Response:
    """Tickets in the browser's own viewer; they are nobody else's, so they are not cached.

    The counter gets only what it sold without a name, to whoever stands before it: there is one reason.
    """
    asked = f"/orders/{id_in(request, 'order')}/tickets.pdf"
    reason = Reason(ReasonCode.CUSTOMER_ASKED)
    question = Question("notify", "GET", asked, acting, language=frame.language(request), reason=reason)
    got: Document = granted(await frame.desk.neighbours.fetch(question))
    headers = {"Content-Disposition": 'inline; filename="tickets.pdf"'}
    return web.Response(body=got.content, content_type=got.content_type, headers=headers)
