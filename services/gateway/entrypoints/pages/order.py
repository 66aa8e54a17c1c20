"""The order page: back from paying, tickets, another try."""

from __future__ import annotations

from uuid import UUID

from aiohttp import web

from chassis.reading import as_uuid
from contracts.orders.api import Order
from services.gateway.entrypoints.pages.frame import Frame, not_found, refuse, see, with_session
from services.gateway.handlers.act_for_order import act_for_order
from services.gateway.handlers.see_basket import order_of_hold
from services.gateway.neighbours.caller import Declined, Document, Question
from services.gateway.paths import path


class Orders:
    """Pages about one order."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def back(self, request: web.Request) -> web.Response:
        """GET /back/{hold}: where Mollie sends a buyer after paying."""
        hold = as_uuid(request.match_info["hold"])
        if hold is None:
            not_found()
        order = await order_of_hold(self._desk, with_session(request), hold)
        return see(path("basket") if order is None else path("order", order=order))

    async def order(self, request: web.Request) -> web.Response:
        """GET /order/{order}"""
        found = await self._ask(request, "GET", "", None)
        if isinstance(found, Declined) and found.status == 404:
            not_found()
        refuse(found)
        return await self._frame.show(request, "order", order=found)

    async def pay_again(self, request: web.Request) -> web.Response:
        """POST /order/{order}/pay"""
        found = await self._ask(request, "POST", "/payment", f"again-{request.match_info['order']}")
        refuse(found)
        assert isinstance(found, Order)
        return see(found.checkout_url or path("order", order=found.id))

    async def paper(self, request: web.Request) -> web.Response:
        """GET /order/{order}/tickets.pdf"""
        order = self._order_id(request)
        acting = await act_for_order(self._desk, with_session(request), order)
        language = self._frame.language(request)
        question = Question("notify", "GET", f"/orders/{order}/tickets.pdf", acting, language=language)
        return as_file(await self._desk.neighbours.fetch(question), "tickets.pdf")

    async def _ask(self, request: web.Request, method: str, tail: str, key: str | None) -> Order | Declined:
        order = self._order_id(request)
        acting = await act_for_order(self._desk, with_session(request), order)
        language = self._frame.language(request)
        question = Question("orders", method, f"/orders/{order}{tail}", acting, language=language, key=key)
        return await self._desk.neighbours.ask(question, Order)

    def _order_id(self, request: web.Request) -> UUID:
        order = as_uuid(request.match_info["order"])
        if order is None:
            not_found()
        return order


def as_file(got: Document | Declined, name: str) -> web.Response:
    """A file in the browser's own viewer; it is nobody else's, so it is not cached."""
    refuse(got)
    assert isinstance(got, Document)
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return web.Response(body=got.content, content_type=got.content_type, headers=headers)
