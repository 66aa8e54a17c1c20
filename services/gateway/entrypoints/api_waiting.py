"""The API of the waiting room: the same line as the pages', for clients that buy without them (F-73)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call, Route
from contracts.envelope import Model
from contracts.orders.api import EventSummary
from services.gateway.domain.session import Session
from services.gateway.domain.waiting_ticket import Standing
from services.gateway.entrypoints.passage import Outcome, begun, in_session, session_of, told
from services.gateway.entrypoints.table import Table
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.see_place import see_place, standing_of
from services.gateway.handlers.stand_in_line import stand_in_line
from services.gateway.neighbours.declined import Declined

SLUG = "{slug:[a-z0-9-]{1,80}}"


class Place(Model):
    """Where a visit stands: `ahead` are called before it, in about `minutes` (None: not measured yet).

    Ask again after `retry_after` seconds. `ticket` is the number that is drawn before a sale.
    """

    state: Literal["early", "waiting", "in", "over"]
    ticket: UUID
    ahead: int
    minutes: int | None
    retry_after: int
    opens_at: datetime
    turn_until: datetime | None


class DrawOf(Model):
    """A draw: the SHA-256 of its seed at once, the seed (hex) once it was held."""

    commitment: str
    drawn_at: datetime | None
    seed: str | None


class _Line:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def join(self, call: Call) -> Outcome:
        event = await self._event(call)
        if event is None:
            return Refused("not-found")
        joined = await stand_in_line(self._desk, event, session_of(call))
        if isinstance(joined, Declined):
            return told(joined)
        stands, cookie = joined
        place = _place(event, stands)
        return begun(place, cookie) if cookie else place

    async def see(self, call: Call, session: Session) -> Outcome:
        event = await self._event(call)
        stands = None if event is None else await see_place(self._desk, event, session.id_hash)
        return Refused("not-in-line") if event is None or stands is None else _place(event, stands)

    async def more_time(self, call: Call, session: Session) -> Outcome:
        event = await self._event(call)
        ticket = None if event is None else await self._desk.waiting.more_time(event.id, session.id_hash)
        if event is None or ticket is None:
            return Refused("turn-over")
        return _place(event, standing_of(self._desk, event, ticket))

    async def leave(self, call: Call, session: Session) -> Outcome:
        event = await self._event(call)
        if event is not None:
            await self._desk.waiting.leave(event.id, session.id_hash)
        return Answer(None, 204)

    async def draw(self, call: Call) -> Outcome:
        event = await self._event(call)
        draw = None if event is None else await self._desk.waiting.draw(event.id)
        if draw is None:
            return Refused("not-found")
        return DrawOf(commitment=draw.commitment, drawn_at=draw.drawn_at, seed=draw.seed)

    async def _event(self, call: Call) -> EventSummary | None:
        return await self._desk.programme.titled(call.path["slug"])


def _place(event: EventSummary, stands: Standing) -> Place:
    return Place(
        state=stands.state,
        ticket=stands.number,
        ahead=stands.ahead,
        minutes=stands.minutes,
        retry_after=stands.again,
        opens_at=event.on_sale_from,
        turn_until=stands.until,
    )


def routes(desk: Desk) -> Sequence[Route]:
    """Routes of the waiting room. Holding places without a turn is answered with 429 and Retry-After."""
    line, anybody, one = _Line(desk), Table(desk, "order_guidance"), f"/events/{SLUG}/waiting"
    see, more, leave = in_session(line.see), in_session(line.more_time), in_session(line.leave)
    return [
        anybody.row(f"POST {one}", line.join, "Stand in line", Place),
        anybody.row(f"GET {one}", see, "Where this visit stands", Place),
        anybody.row(f"POST {one}/turn", more, "The same turn again, from now", Place),
        anybody.row(f"DELETE {one}", leave, "Leave the line", status=204),
        anybody.row(f"GET /events/{SLUG}/draw", line.draw, "The draw among early arrivals", DrawOf),
    ]
