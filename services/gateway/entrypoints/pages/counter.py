"""The counter: walk-in tickets, no name asked (G-15, F-27)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import Halt, as_uuid
from contracts.actors import Role
from contracts.orders.api import EventDetail, EventSummary, Order
from services.gateway.entrypoints.pages.frame import Frame, granted
from services.gateway.entrypoints.pages.incoming import fields_of, in_role, not_found
from services.gateway.entrypoints.pages.order import paper
from services.gateway.entrypoints.pages.places import TOO_MANY, Chosen, read_places
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting

_CASH = re.compile(r"(\d{1,6})(?:[.,](\d{1,2}))?", re.ASCII)
_KEY = re.compile(r"[0-9a-f]{32}")
METHODS = ("cash", "card")
MADE = Declined.ours("sale-made", 409)


@dataclass(frozen=True)
class Till:
    """What the counter shows: the last sale with the cash given for it, or why there was none.

    After a refusal `method` and `given` are what was typed, so that a card stays a card. `key` is that of the
    next sale: the same again while it is unknown whether this one was made.
    """

    chosen: Chosen
    sale: Order | None = None
    given_cents: int | None = None
    refused: Declined | None = None
    key: str = ""
    method: str = "cash"
    given: str = ""


class Counter:
    """Pages of the counter."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def counter(self, request: web.Request) -> web.Response:
        """GET /counter"""
        in_role(request, Role.BOX_OFFICE)
        return await self._show(request, request.query.get("event"), Till(Chosen()))

    async def sell(self, request: web.Request) -> web.Response:
        """POST /counter/sell"""
        clerk = Acting(in_role(request, Role.BOX_OFFICE))
        fields = await fields_of(request)
        values = dict(fields)
        event = await self._event(values.get("event", ""))
        key, method = values.get("key", ""), values.get("method", "cash")
        if not _KEY.fullmatch(key) or method not in METHODS:
            raise Halt("invalid-input")
        typed = Till(read_places(fields), key=key, method=method, given=values.get("given", "")[:10])
        try:
            wanted = typed.chosen.sale_of(event.id, method)
        except ValidationError:
            return await self._show(request, event.slug, replace(typed, refused=TOO_MANY))
        asked = ("orders", "POST", "/counter/sales")
        sale = await self._frame.ask(request, asked, Order, clerk, body=wanted, key=key)
        if isinstance(sale, Declined) and sale.slug == "idempotency-key-reused":
            return await self._show(request, event.slug, replace(typed, refused=MADE, key=""))
        if isinstance(sale, Declined):
            return await self._show(request, event.slug, replace(typed, refused=sale))
        return await self._show(request, event.slug, Till(Chosen(), sale, cents_of(typed.given)))

    async def paper(self, request: web.Request) -> web.Response:
        """GET /counter/order/{order}/tickets.pdf"""
        return await paper(self._frame, request, Acting(in_role(request, Role.BOX_OFFICE)))

    async def _event(self, text: str) -> EventSummary:
        wanted = as_uuid(text)
        known = (event for event in await self._events() if event.id == wanted)
        return next(known, None) or not_found()

    async def _events(self) -> Sequence[EventSummary]:
        season = granted(await self._frame.desk.season.coming())
        return [event for event in season.events if event.state in ("on_sale", "sold_out", "closed")]

    async def _show(self, request: web.Request, slug: str | None, till: Till) -> web.Response:
        events = await self._events()
        slugs = [event.slug for event in events]
        wanted = slug if slug in slugs else next(iter(slugs), None)
        refused = till.refused
        return await self._frame.show(
            request,
            "counter",
            200 if refused is None else refused.status,
            events=events,
            detail=None if wanted is None else await self._detail(request, wanted),
            sale=till.sale,
            given_cents=till.given_cents,
            chosen=till.chosen,
            method=till.method,
            given=till.given,
            problem=None if refused is None else self._frame.said(request, refused),
            key=till.key or uuid4().hex,
        )

    async def _detail(self, request: web.Request, slug: str) -> EventDetail:
        """As the counter may sell it: with the places that are kept for it."""
        clerk = Acting(in_role(request, Role.BOX_OFFICE))
        return await self._frame.read(request, ("orders", f"/events/{slug}"), EventDetail, clerk)


def cents_of(text: str) -> int | None:
    """Cash as a clerk types it ("20", "20,5", "20.00") in cents; None where it is no amount."""
    found = _CASH.fullmatch(text.strip())
    if found is None:
        return None
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0") or 0)
