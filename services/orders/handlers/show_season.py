"""What is on."""

from __future__ import annotations

from pydantic import Field

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.actors import STAFF, Role
from contracts.envelope import Model
from contracts.orders.api import EventDetail, EventList
from contracts.texts import Text
from services.orders.domain.season import Channel
from services.orders.store import gatherings, season, showing


class Season(Model):
    """The query of GET /events: `past=true` shows staff what is over, too."""

    past: bool = Field(default=False)


class ShowSeason:
    """GET /events and GET /events/{slug}."""

    def __init__(self, work: Workplace, refunds: Text) -> None:
        """`refunds` are the terms of the house."""
        self._work = work
        self._refunds = refunds

    async def all(self, call: Call) -> EventList:
        """The season in order of time; past events for staff who ask for them."""
        query: Season = call.query
        async with self._work("order_guidance", call.actor) as tx:
            tx.saw_nobody()
            if query.past and call.actor.role in STAFF:
                return EventList(events=await season.all_events(tx, tx.now))
            return EventList(
                events=await season.coming(tx, tx.now),
                seasons=await gatherings.seasons(tx, tx.now),
                series=await gatherings.series(tx, tx.now),
            )

    async def one(self, call: Call) -> EventDetail | Refused:
        """An event with its prices and the places that the actor may take; not-found, also for a draft."""
        channel: Channel = "counter" if call.actor.role is Role.BOX_OFFICE else "online"
        async with self._work("order_guidance", call.actor) as tx:
            tx.saw_nobody()
            found = await showing.shown(tx, call.path["slug"], channel, tx.now)
        if found is None:
            return Refused("not-found")
        return EventDetail(
            event=found.summary,
            prices=found.prices,
            seats=found.seats,
            zones=found.zones,
            standing_free=found.standing_free,
            hold_seconds=found.hold_seconds,
            largest_order=found.largest_order,
            buyer_limit=found.buyer_limit,
            wheelchair_kept=found.wheelchair_kept,
            series=found.series,
            dates=found.dates,
            refund_policy=found.refund_policy or self._refunds,
        )
