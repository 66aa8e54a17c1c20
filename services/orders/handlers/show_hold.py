"""A hold as it stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.actors import Actor
from contracts.orders.api import Hold, HoldLine
from contracts.texts import Text
from services.orders.domain.extension import over
from services.orders.domain.places import Line
from services.orders.store import holds, season
from services.orders.store.holds import HoldRow

State = Literal["held", "ordered", "expired", "released"]


class ShowHold:
    """Whoever knows a hold's random id may see it: nobody's data is in it."""

    def __init__(self, work: Workplace, currency: str, refunds: Text) -> None:
        """`refunds` are the terms of the house."""
        self._work = work
        self._currency = currency
        self._refunds = refunds

    async def __call__(self, call: Call) -> Hold | Refused:
        """The hold of the path; unknown-hold."""
        return await self.show(call.actor, UUID(call.path["hold"]))

    async def show(self, actor: Actor, hold: UUID) -> Hold | Refused:
        """A hold; unknown-hold."""
        async with self._work("ticket_sale", actor) as tx:
            tx.saw_nobody()
            row = await holds.find(tx, hold)
            if row is None:
                return Refused("unknown-hold")
            sellable = await season.sellable(tx, row.event, tx.now)
            assert sellable is not None, "a hold belongs to an event"
            labels = await holds.labels(tx, row.event, [line.seat for line in row.lines if line.seat])
            lines = shown_lines(row.lines, labels, sellable.titles)
            return Hold(
                id=row.hold,
                event=sellable.summary,
                lines=lines,
                total_cents=sum(line.cents for line in lines),
                discount_cents=row.discount_cents,
                currency=self._currency,
                expires_at=row.expires_at,
                state=_state(row, tx.now),
                may_extend=over(row.kept, tx.now) is None and not row.extended,
                refund_policy=sellable.refund_policy or self._refunds,
            )


def shown_lines(
    lines: Sequence[Line], labels: Mapping[UUID, str], titles: Mapping[UUID, Text]
) -> tuple[HoldLine, ...]:
    """Places as they are shown: what is written on the seat, the price's title, what it costs."""
    return tuple(
        HoldLine(seat=labels[line.seat] if line.seat else None, price=titles[line.price], cents=line.cents)
        for line in lines
    )


def _state(row: HoldRow, now: datetime) -> State:
    """As visitors know it: sold places are ordered ones, and time runs out whether or not a timer came by."""
    if row.state == "sold":
        return "ordered"
    if row.state == "held" and now >= row.expires_at:
        return "expired"
    found: dict[str, State] = {
        "held": "held",
        "ordered": "ordered",
        "expired": "expired",
        "released": "released",
    }
    return found[row.state]
