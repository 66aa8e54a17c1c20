"""What the page of an event says of its waiting room (F-73)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from contracts.orders.api import EventSummary
from services.gateway.domain.session import Session
from services.gateway.domain.waiting_ticket import Standing
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.see_place import see_place


@dataclass(frozen=True)
class Door:
    """`later`: the room opens at `opens_at`; `lobby`: wait there for the draw; `line`: stand in line first;
    `turn`: who waited may choose now, for `seconds_left`."""

    kind: Literal["later", "lobby", "line", "turn"]
    opens_at: datetime
    stands: Standing | None = None
    seconds_left: int = 0


async def see_door(desk: Desk, event: EventSummary, session: Session | None) -> Door | None:
    """The door that this visitor finds; None in quiet times, which asks the database nothing."""
    now, lobby = desk.clock.now(), event.on_sale_from - desk.waiting.limits.lobby
    if event.state not in ("soon", "on_sale", "sold_out"):
        return None
    if now < lobby:
        return Door("later", lobby)
    room = desk.waiting.busy(event.id)
    stands = None
    if room is not None and session is not None:
        stands = await see_place(desk, event, session.id_hash)
    if now < event.on_sale_from:
        return Door("lobby", lobby, stands)
    if stands is not None and stands.until is not None and stands.state == "in":
        left = int((stands.until - now).total_seconds())
        return Door("turn", lobby, stands, left) if stands.called else None
    queueing = room is not None and room.waiting > 0
    return Door("line", lobby, stands) if queueing else None
