"""One date: its facts, its state, its prices, the seats that it keeps."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from aiohttp import web

from contracts.orders.planning import (
    EventMove,
    EventPlan,
    Halls,
    KeptPlan,
    Organisations,
    PlannedEvent,
    PricePlans,
    Productions,
)
from services.gateway.entrypoints.pages.frame import see
from services.gateway.entrypoints.pages.incoming import id_in
from services.gateway.entrypoints.pages.planner.desk import NOTHING, PlannerDesk, Refused
from services.gateway.entrypoints.pages.planner.typed import Typed, given
from services.gateway.paths import path

MOMENTS = (
    *("doors_at", "starts_at", "ends_at", "on_sale_from"),
    *("online_until", "wheelchair_until", "counter_until"),
)
NUMBERS = ("standing", "counter_standing", "hold_seconds", "largest_order", "buyer_limit", "version")
MOST_PRICES = 30


class Dates:
    """/planner/dates."""

    def __init__(self, desk: PlannerDesk) -> None:
        self._desk = desk

    async def new(self, request: web.Request) -> web.Response:
        """GET /planner/dates/new?production={id}"""
        return await self._show(request, NOTHING, None)

    async def one(self, request: web.Request) -> web.Response:
        """GET /planner/dates/{event}"""
        return await self._show(request, NOTHING, id_in(request, "event"))

    async def add(self, request: web.Request) -> web.Response:
        """POST /planner/dates"""
        typed = await self._desk.typed(request)
        filled = (EventPlan, _facts(typed), typed)
        made = await self._desk.send(request, "POST /events", filled, PlannedEvent)
        if isinstance(made, Refused):
            return await self._show(request, made, None)
        return see(path("plan_date", event=made.id) + "#prices")

    async def change(self, request: web.Request) -> web.Response:
        """POST /planner/dates/{event}"""
        typed = await self._desk.typed(request)
        return await self._put(request, "", (EventPlan, _facts(typed), typed))

    async def move(self, request: web.Request) -> web.Response:
        """POST /planner/dates/{event}/state"""
        typed = await self._desk.typed(request)
        filled = (EventMove, given({"state": typed.text("state")}), typed)
        return await self._put(request, "/state", filled, "POST")

    async def prices(self, request: web.Request) -> web.Response:
        """POST /planner/dates/{event}/prices"""
        typed = await self._desk.typed(request)
        filled = (PricePlans, {"prices": _prices(typed)}, typed)
        return await self._put(request, "/prices", filled, anchor="#prices")

    async def keep(self, request: web.Request) -> web.Response:
        """POST /planner/dates/{event}/kept"""
        typed = await self._desk.typed(request)
        wanted = {
            "kept_for": typed.text("kept_for"),
            "labels": typed.text("labels"),
            "until": typed.moment("until"),
        }
        return await self._put(request, "/kept", (KeptPlan, given(wanted), typed), anchor="#kept")

    async def _put(
        self,
        request: web.Request,
        part: str,
        filled: tuple[Any, Any, Typed],
        method: str = "PUT",
        anchor: str = "",
    ) -> web.Response:
        event = id_in(request, "event")
        made = await self._desk.send(request, f"{method} /events/{event}{part}", filled, PlannedEvent)
        if isinstance(made, Refused):
            return await self._show(request, made, event)
        return see(path("plan_date", event=event) + anchor)

    async def _show(self, request: web.Request, refused: Refused, event: UUID | None) -> web.Response:
        read = self._desk.read
        return await self._desk.show(
            request,
            "planner_date",
            refused,
            event=None if event is None else await read(request, f"/events/{event}", PlannedEvent),
            productions=(await read(request, "/productions", Productions)).productions,
            wanted=request.query.get("production", ""),
            halls=(await read(request, "/halls", Halls)).halls,
            organisations=(await read(request, "/organisations", Organisations)).organisations,
        )


def _facts(typed: Typed) -> dict[str, Any]:
    facts: dict[str, Any] = {name: typed.text(name) for name in ("production", "hall", "slug", *NUMBERS)}
    facts |= {name: typed.moment(name) for name in MOMENTS}
    chosen = {"co_presenters": typed.all("co_presenter"), "no_singles": bool(typed.text("no_singles"))}
    return given(facts) | chosen


def _prices(typed: Typed) -> list[dict[str, Any]]:
    """The rows of the price list; one without a title is left out, and so is one that is ticked to go."""
    rows = (f"price.{number}." for number in range(MOST_PRICES))
    return [
        _price(typed, row)
        for row in rows
        if any(typed.words(row + "title").values()) and not typed.text(row + "gone")
    ]


def _price(typed: Typed, row: str) -> dict[str, Any]:
    zones = {
        name.removeprefix(row + "zone."): typed.cents(name)
        for name in typed.fields
        if name.startswith(row + "zone.") and typed.text(name)
    }
    proof = typed.words(row + "proof")
    return given(
        {
            "id": typed.text(row + "id"),
            "title": typed.words(row + "title"),
            "place": typed.text(row + "place"),
            "cents": typed.cents(row + "cents"),
            "vat_basis_points": typed.rate(row + "vat"),
            "zones": zones,
            "channels": typed.all(row + "channel") or None,
            "proof": proof if any(proof.values()) else None,
            **{name: typed.text(row + name) for name in ("least", "most", "youngest", "oldest")},
            **{name: typed.moment(row + name) for name in ("sold_from", "sold_until")},
        }
    )
