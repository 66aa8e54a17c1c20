"""Dates of productions are planned, put on sale and changed."""

from __future__ import annotations

from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.orders.events import EventChangedV1
from contracts.orders.planning import EventMove, EventPlan, PlannedEvent, PlannedEvents, Production
from services.orders.domain.planning import decide_change, decide_move, decide_times, slug_of, what_changed
from services.orders.store import halls, planning, programme


class PlanEvents:
    """/planning/events."""

    def __init__(self, work: Workplace, time_zone: str) -> None:
        self._work = work
        self._zone = ZoneInfo(time_zone)

    async def all(self, call: Call) -> PlannedEvents:
        """What is to come, drafts too."""
        async with self._work("season_planning", call.actor) as tx:
            return PlannedEvents(events=await planning.coming(tx, tx.now))

    async def one(self, call: Call) -> PlannedEvent | Refused:
        """An event with all that was planned; not-found."""
        async with self._work("season_planning", call.actor) as tx:
            return await planning.find(tx, UUID(call.path["event"])) or Refused("not-found")

    async def add(self, call: Call) -> PlannedEvent | Refused:
        """A draft; wrong-times, unknown-production, unknown-hall, slug-taken."""
        plan: EventPlan = call.body
        event = uuid4()
        async with self._work("season_planning", call.actor) as tx:
            production = await self._production(tx, plan)
            if isinstance(production, Refused):
                return production
            slug = await self._slug(tx, event, plan, production)
            if isinstance(slug, Refused):
                return slug
            await planning.add(tx, event, slug, plan, production)
            return await _found(tx, event)

    async def change(self, call: Call) -> PlannedEvent | Refused:
        """Other facts; as `add`, and not-found, changed-meanwhile, hall-fixed, places-sold."""
        plan: EventPlan = call.body
        event = UUID(call.path["event"])
        async with self._work("season_planning", call.actor) as tx:
            before = await planning.lock(tx, event)
            if before is None:
                return Refused("not-found")
            production = await self._production(tx, plan)
            if isinstance(production, Refused):
                return production
            refused = decide_change(before, plan)
            if refused:
                return refused
            slug = plan.slug or before.slug
            if await planning.slug_taken(tx, slug, event):
                return Refused("slug-taken")
            await planning.change(tx, event, slug, plan, production)
            if before.hall != plan.hall:
                await planning.seats_anew(tx, event, plan.hall)
            return await self._tell(tx, before, await _found(tx, event))

    async def move(self, call: Call) -> PlannedEvent | Refused:
        """Another state; not-found, no-such-move, no-price."""
        wanted: EventMove = call.body
        event = UUID(call.path["event"])
        async with self._work("season_planning", call.actor) as tx:
            before = await planning.lock(tx, event)
            if before is None:
                return Refused("not-found")
            decided = decide_move(before.state, wanted.state, len(before.prices))
            if isinstance(decided, Refused):
                return decided
            await planning.move(tx, event, wanted.state)
            tx.ring("publish_events")
            return await _found(tx, event)

    async def _production(self, tx: Work, plan: EventPlan) -> Production | Refused:
        wrong = decide_times(plan)
        if wrong:
            return wrong
        if not await halls.lock(tx, plan.hall):
            return Refused("unknown-hall")
        return await programme.production(tx, plan.production) or Refused("unknown-production")

    async def _slug(self, tx: Work, event: UUID, plan: EventPlan, production: Production) -> str | Refused:
        if plan.slug is None:
            day = plan.starts_at.astimezone(self._zone).date()
            bare = slug_of(production.title.nl, day, ())
            return slug_of(production.title.nl, day, await planning.slugs_like(tx, bare))
        return Refused("slug-taken") if await planning.slug_taken(tx, plan.slug, event) else plan.slug

    async def _tell(self, tx: Work, before: PlannedEvent, now: PlannedEvent) -> PlannedEvent:
        """What ticket holders want to know of is told, and every change is announced (G-23)."""
        changed = what_changed(before, now)
        if changed:
            was = EventChangedV1(
                event=now.id,
                version=now.version,
                changed=changed,
                doors_at_before=before.doors_at,
                starts_at_before=before.starts_at,
                ends_at_before=before.ends_at,
                hall_before=before.hall_name,
            )
            await tx.announce(was)
        tx.ring("publish_events")
        return now


async def _found(tx: Work, event: UUID) -> PlannedEvent:
    found = await planning.find(tx, event)
    assert found is not None, "the event was just written"
    return found
