"""What is planned: dates to come, productions, seasons and series."""

from __future__ import annotations

from aiohttp import web

from contracts.orders.planning import (
    Organisations,
    PlannedEvents,
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
from services.gateway.entrypoints.pages.frame import see
from services.gateway.entrypoints.pages.incoming import id_in, not_found
from services.gateway.entrypoints.pages.planner.desk import NOTHING, PlannerDesk, Refused
from services.gateway.entrypoints.pages.planner.typed import Typed, given
from services.gateway.paths import path


class Programme:
    """/planner, /planner/productions."""

    def __init__(self, desk: PlannerDesk) -> None:
        self._desk = desk

    async def overview(self, request: web.Request) -> web.Response:
        """GET /planner"""
        events = await self._desk.read(request, "/events", PlannedEvents)
        return await self._desk.show(request, "planner", events=events.events)

    async def productions(self, request: web.Request) -> web.Response:
        """GET /planner/productions"""
        return await self._show(request, NOTHING, None)

    async def production(self, request: web.Request) -> web.Response:
        """GET /planner/productions/{production}"""
        return await self._show(request, NOTHING, id_in(request, "production"))

    async def add(self, request: web.Request) -> web.Response:
        """POST /planner/productions"""
        typed = await self._desk.typed(request)
        filled = (ProductionPlan, _facts(typed), typed)
        made = await self._desk.send(request, "POST /productions", filled, Production)
        if isinstance(made, Refused):
            return await self._show(request, made, None)
        return see(path("plan_new_date") + f"?production={made.id}")

    async def change(self, request: web.Request) -> web.Response:
        """POST /planner/productions/{production}"""
        wanted, typed = id_in(request, "production"), await self._desk.typed(request)
        filled = (ProductionPlan, _facts(typed), typed)
        made = await self._desk.send(request, f"PUT /productions/{wanted}", filled, Production)
        if isinstance(made, Refused):
            return await self._show(request, made, wanted)
        return see(path("plan_productions"))

    async def add_season(self, request: web.Request) -> web.Response:
        """POST /planner/seasons"""
        typed = await self._desk.typed(request)
        days = {"first_day": typed.text("first_day"), "last_day": typed.text("last_day")}
        filled = (SeasonPlan, given({"title": typed.words("season_title"), **days}), typed)
        made = await self._desk.send(request, "POST /seasons", filled, Season)
        return await self._after(request, made)

    async def add_series(self, request: web.Request) -> web.Response:
        """POST /planner/series"""
        typed = await self._desk.typed(request)
        filled = (SeriesPlan, {"title": typed.words("series_title")}, typed)
        made = await self._desk.send(request, "POST /series", filled, Series)
        return await self._after(request, made)

    async def _after(self, request: web.Request, made: Season | Series | Refused) -> web.Response:
        if isinstance(made, Refused):
            return await self._show(request, made, None)
        return see(path("plan_productions"))

    async def _show(self, request: web.Request, refused: Refused, wanted: object) -> web.Response:
        read = self._desk.read
        productions = (await read(request, "/productions", Productions)).productions
        one = next((known for known in productions if known.id == wanted), None)
        if wanted is not None and one is None:
            not_found()
        return await self._desk.show(
            request,
            "planner_productions",
            refused,
            productions=productions,
            one=one,
            seasons=(await read(request, "/seasons", Seasons)).seasons,
            series=(await read(request, "/series", SeriesList)).series,
            organisations=(await read(request, "/organisations", Organisations)).organisations,
        )


def _facts(typed: Typed) -> dict[str, object]:
    return given(
        {
            "organisation": typed.text("organisation"),
            "title": typed.words("title"),
            "blurb": typed.words("blurb"),
            "season": typed.text("season"),
            "series": typed.text("series"),
            "buyer_limit": typed.text("buyer_limit"),
        }
    )
