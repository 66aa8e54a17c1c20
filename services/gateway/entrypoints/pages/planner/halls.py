"""The editor of halls: blocks of rows, seats of a kind, gaps, and the plan as it stands."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from aiohttp import web

from contracts.orders.planning import BlockPlan, Hall, HallPlan, Halls, Marks
from services.gateway.entrypoints.pages.frame import see
from services.gateway.entrypoints.pages.incoming import id_in
from services.gateway.entrypoints.pages.planner.desk import NOTHING, PlannerDesk, Refused
from services.gateway.entrypoints.pages.planner.typed import Typed, given
from services.gateway.paths import path


class HallEditor:
    """/planner/halls."""

    def __init__(self, desk: PlannerDesk) -> None:
        self._desk = desk

    async def all(self, request: web.Request) -> web.Response:
        """GET /planner/halls"""
        return await self._list(request, NOTHING)

    async def add(self, request: web.Request) -> web.Response:
        """POST /planner/halls"""
        typed = await self._desk.typed(request)
        made = await self._desk.send(request, "POST /halls", (HallPlan, _named(typed), typed), Hall)
        if isinstance(made, Refused):
            return await self._list(request, made)
        return see(path("plan_hall", hall=made.id))

    async def one(self, request: web.Request) -> web.Response:
        """GET /planner/halls/{hall}"""
        return await self._show(request, NOTHING, id_in(request, "hall"))

    async def change(self, request: web.Request) -> web.Response:
        """POST /planner/halls/{hall}"""
        typed = await self._desk.typed(request)
        return await self._draw(request, "PUT", "", (HallPlan, _named(typed), typed))

    async def copy(self, request: web.Request) -> web.Response:
        """POST /planner/halls/{hall}/copy"""
        typed = await self._desk.typed(request)
        return await self._draw(request, "POST", "/copy", (HallPlan, _named(typed), typed))

    async def block(self, request: web.Request) -> web.Response:
        """POST /planner/halls/{hall}/blocks"""
        typed = await self._desk.typed(request)
        return await self._draw(request, "POST", "/blocks", (BlockPlan, _block(typed), typed))

    async def mark(self, request: web.Request) -> web.Response:
        """POST /planner/halls/{hall}/marks"""
        typed = await self._desk.typed(request)
        marks = {"kind": typed.text("kind"), "labels": typed.text("labels"), "seats": typed.all("seat")}
        return await self._draw(request, "POST", "/marks", (Marks, given(marks), typed))

    async def _draw(
        self, request: web.Request, method: str, part: str, filled: tuple[Any, Any, Typed]
    ) -> web.Response:
        hall = id_in(request, "hall")
        made = await self._desk.send(request, f"{method} /halls/{hall}{part}", filled, Hall)
        if isinstance(made, Refused):
            return await self._show(request, made, hall)
        return see(path("plan_hall", hall=made.id))

    async def _show(self, request: web.Request, refused: Refused, hall: UUID) -> web.Response:
        found = await self._desk.read(request, f"/halls/{hall}", Hall)
        return await self._desk.show(request, "planner_hall", refused, hall=found)

    async def _list(self, request: web.Request, refused: Refused) -> web.Response:
        halls = await self._desk.read(request, "/halls", Halls)
        return await self._desk.show(request, "planner_halls", refused, halls=halls.halls)


def _named(typed: Typed) -> dict[str, Any]:
    return given({"name": typed.text("name"), "standing": typed.text("standing")})


def _block(typed: Typed) -> dict[str, Any]:
    """A block as it was typed; its zone is known by its Dutch name, so that rows can be added to it."""
    title = typed.words("zone")
    names = ("rows", "seats", "first_row", "numbering", "prefix", "left", "top")
    return given(
        {
            "zone": "-".join(re.findall(r"[a-z0-9]+", title["nl"].lower()))[:40] or None,
            "title": title,
            "from_right": typed.text("from_right") is not None,
            "aisles": re.findall(r"[0-9]+", typed.text("aisles") or ""),
            **{name: typed.text(name) for name in names},
        }
    )
