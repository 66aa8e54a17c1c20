"""Seasons, series and productions are planned."""

from __future__ import annotations

from uuid import UUID, uuid4

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.orders.planning import (
    Organisations,
    Production,
    ProductionPlan,
    Productions,
    Season,
    SeasonPlan,
    Seasons,
    Series,
    SeriesList,
    SeriesPlan,
)
from services.orders.store import programme


class PlanProgramme:
    """/planning/seasons, /planning/series, /planning/organisations, /planning/productions."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def seasons(self, call: Call) -> Seasons:
        """All seasons, latest first."""
        async with self._work("season_planning", call.actor) as tx:
            return Seasons(seasons=await programme.seasons(tx))

    async def add_season(self, call: Call) -> Season | Refused:
        """A new season; wrong-times."""
        plan: SeasonPlan = call.body
        if plan.first_day > plan.last_day:
            return Refused("wrong-times")
        season = Season(id=uuid4(), **dict(plan))
        async with self._work("season_planning", call.actor) as tx:
            await programme.add_season(tx, season.id, plan)
        return season

    async def all_series(self, call: Call) -> SeriesList:
        """All series."""
        async with self._work("season_planning", call.actor) as tx:
            return SeriesList(series=await programme.all_series(tx))

    async def add_series(self, call: Call) -> Series:
        """A new series."""
        plan: SeriesPlan = call.body
        series = Series(id=uuid4(), title=plan.title)
        async with self._work("season_planning", call.actor) as tx:
            await programme.add_series(tx, series.id, plan)
        return series

    async def organisations(self, call: Call) -> Organisations:
        """Who can put something on."""
        async with self._work("season_planning", call.actor) as tx:
            return Organisations(organisations=await programme.organisations(tx))

    async def productions(self, call: Call) -> Productions:
        """All productions."""
        async with self._work("season_planning", call.actor) as tx:
            return Productions(productions=await programme.productions(tx))

    async def add_production(self, call: Call) -> Production | Refused:
        """A new production; unknown-organisation, also for an unknown season or series."""
        plan: ProductionPlan = call.body
        async with self._work("season_planning", call.actor) as tx:
            if not await programme.known(tx, plan):
                return Refused("unknown-organisation")
            production = Production(id=uuid4(), dates=0, **dict(plan))
            await programme.add_production(tx, production.id, plan)
        return production

    async def change_production(self, call: Call) -> Production | Refused:
        """Other facts; the texts of all its dates follow. not-found, unknown-organisation."""
        plan: ProductionPlan = call.body
        wanted = UUID(call.path["production"])
        async with self._work("season_planning", call.actor) as tx:
            if not await programme.known(tx, plan):
                return Refused("unknown-organisation")
            if not await programme.change_production(tx, wanted, plan):
                return Refused("not-found")
            tx.ring("publish_events")
            return await programme.production(tx, wanted) or Refused("not-found")
