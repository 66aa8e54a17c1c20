"""The counter: walk-in tickets, no name asked (G-15, F-27)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from uuid import uuid4

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import as_uuid
from contracts.actors import Role
from contracts.orders.api import CounterSale, EventDetail, EventList, EventSummary, Order
from services.gateway.entrypoints.pages.frame import Frame, Refusal, fields_of, in_role, not_found, refuse
from services.gateway.entrypoints.pages.order import as_file
from services.gateway.entrypoints.pages.places import Chosen, read_places
from services.gateway.neighbours.caller import Declined, Question
from services.gateway.neighbours.tokens import Acting

_CASH = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?")


class Counter:
    """Pages of the counter."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def counter(self, request: web.Request) -> web.Response:
        """GET /counter"""
        in_role(request, Role.BOX_OFFICE)
        return await self._show(request, request.query.get("event"), Chosen())

    async def sell(self, request: web.Request) -> web.Response:
        """POST /counter/sell"""
        clerk = in_role(request, Role.BOX_OFFICE)
        fields = await fields_of(request)
        values, chosen = dict(fields), read_places(fields)
        event = as_uuid(values.get("event", ""))
        known = next((one for one in await self._events(request) if one.id == event), None)
        if event is None or known is None:
            not_found()
        try:
            wanted = CounterSale(
                event=event,
                seats=chosen.seat_ids(),
                seat_price=chosen.price_id() if chosen.seats else None,
                standing=chosen.standing_places(),
                method=values.get("method", "cash"),
            )
        except ValidationError:
            raise Refusal(Declined(422, {"type": "/problems/invalid-input", "status": 422})) from None
        key, language = values.get("key", ""), self._frame.language(request)
        question = Question(
            "orders", "POST", "/counter/sales", Acting(clerk), wanted, language=language, key=key or None
        )
        sale = await self._desk.neighbours.ask(question, Order)
        if isinstance(sale, Declined):
            said = self._frame.said(sale, language)
            return await self._show(request, known.slug, chosen, problem=said, key=key)
        return await self._show(
            request, known.slug, Chosen(), sale=sale, given=cents_of(values.get("given", ""))
        )

    async def paper(self, request: web.Request) -> web.Response:
        """GET /counter/order/{order}/tickets.pdf"""
        clerk = in_role(request, Role.BOX_OFFICE)
        order = as_uuid(request.match_info["order"])
        if order is None:
            not_found()
        question = Question("notify", "GET", f"/orders/{order}/tickets.pdf", Acting(clerk))
        return as_file(await self._desk.neighbours.fetch(question), "tickets.pdf")

    async def _events(self, request: web.Request) -> Sequence[EventSummary]:
        question = Question("orders", "GET", "/events", language=self._frame.language(request))
        found = await self._desk.neighbours.ask(question, EventList)
        refuse(found)
        assert isinstance(found, EventList)
        return [event for event in found.events if event.state in ("on_sale", "sold_out")]

    async def _show(
        self,
        request: web.Request,
        slug: str | None,
        chosen: Chosen,
        *,
        sale: Order | None = None,
        given: int | None = None,
        problem: str | None = None,
        key: str = "",
    ) -> web.Response:
        events = await self._events(request)
        wanted = slug if slug in {event.slug for event in events} else next((e.slug for e in events), None)
        return await self._frame.show(
            request,
            "counter",
            409 if problem else 200,
            events=events,
            detail=None if wanted is None else await self._detail(request, wanted),
            sale=sale,
            given_cents=given,
            chosen=chosen,
            problem=problem,
            key=key or uuid4().hex,
        )

    async def _detail(self, request: web.Request, slug: str) -> EventDetail:
        question = Question("orders", "GET", f"/events/{slug}", language=self._frame.language(request))
        found = await self._desk.neighbours.ask(question, EventDetail)
        refuse(found)
        assert isinstance(found, EventDetail)
        return found


def cents_of(text: str) -> int | None:
    """Cash as a clerk types it ("20", "20,5", "20.00") in cents; None where it is no amount."""
    found = _CASH.fullmatch(text.strip())
    if found is None:
        return None
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0") or 0)
