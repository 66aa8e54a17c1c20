"""The counter helps a customer: find the order, print it or send its tickets again (F-32, G-22)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from aiohttp import web
from pydantic import ValidationError

from contracts.actors import Role
from contracts.orders.tickets import FindOrders, FoundOrder, FoundOrders, TicketsSent
from services.gateway.entrypoints.pages.frame import Frame, see
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, in_role
from services.gateway.entrypoints.pages.reasons import AT_COUNTER, reason_of
from services.gateway.entrypoints.pages.take_along import key_of
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path


@dataclass(frozen=True)
class Care:
    """What the page shows: what was typed, what was found for which reason, and what went wrong where."""

    sought: str = ""
    reason: str = ""
    found: tuple[FoundOrder, ...] | None = None
    field: str = ""
    declined: Declined | None = None


class CounterCare:
    """Pages on which a clerk helps one customer; what is typed rides in a body, never in an address."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def form(self, request: web.Request) -> web.Response:
        """GET /counter/find"""
        in_role(request, Role.BOX_OFFICE)
        return await self._show(request, Care())

    async def find(self, request: web.Request) -> web.Response:
        """POST /counter/find"""
        clerk, fields = Acting(in_role(request, Role.BOX_OFFICE)), dict(await fields_of(request))
        sought, chosen = fields.get("sought", ""), fields.get("reason", "")
        reason = reason_of(chosen, AT_COUNTER)
        if isinstance(reason, Declined):
            return await self._show(request, Care(sought, field="reason", declined=reason))
        try:
            body = FindOrders(sought=sought)
        except ValidationError:
            empty = Declined.ours("nothing-sought", 422)
            return await self._show(request, Care(sought, chosen, field="sought", declined=empty))
        asked = ("orders", "POST", "/counter/orders/search")
        found = await self._frame.ask(request, asked, FoundOrders, clerk, body=body, reason=reason)
        if isinstance(found, Declined):
            return await self._show(request, Care(sought, chosen, field="sought", declined=found))
        return await self._show(request, Care(sought, chosen, found.orders))

    async def again(self, request: web.Request) -> web.Response:
        """POST /counter/order/{order}/again: for the reason for which the order was found just now."""
        clerk, fields = Acting(in_role(request, Role.BOX_OFFICE)), dict(await fields_of(request))
        sought, chosen = fields.get("sought", ""), fields.get("reason", "")
        reason = reason_of(chosen, AT_COUNTER)
        if isinstance(reason, Declined):
            return await self._show(request, Care(sought, field="reason", declined=reason))
        asked = ("orders", "POST", f"/orders/{id_in(request, 'order')}/tickets/again")
        sent = await self._frame.ask(request, asked, TicketsSent, clerk, key=key_of(fields), reason=reason)
        if isinstance(sent, Declined):
            return await self._show(request, Care(sought, chosen, declined=sent))
        return see(path("counter_find") + "?sent=again")

    async def _show(self, request: web.Request, care: Care) -> web.Response:
        declined = care.declined
        message = self._frame.said(request, declined) if declined else ""
        return await self._frame.show(
            request,
            "counter_find",
            declined.status if declined else 200,
            sought=care.sought,
            reason=care.reason,
            found=care.found,
            reasons=AT_COUNTER,
            errors=[{"field": care.field, "message": message}] if declined and care.field else [],
            problem=message if declined and not care.field else None,
            sent=request.query.get("sent") == "again",
            key=uuid4().hex,
        )
