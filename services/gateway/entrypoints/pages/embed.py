"""Tickets on other people's sites, in an organiser's look: one script puts a frame there (F-48, F-49)."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from chassis.fresh import Fresh
from chassis.reading import as_uuid
from contracts.orders.api import EventDetail, EventList
from contracts.orders.planning import BrandPage
from services.gateway.entrypoints.pages.frame import Frame, granted
from services.gateway.entrypoints.pages.places import Chosen
from services.gateway.handlers.see_door import see_door
from services.gateway.neighbours.caller import Question

STALE_AT_MOST = timedelta(seconds=1)
SLUG = re.compile(r"[a-z0-9-]{1,80}")
SCRIPT = Path(__file__).parents[2] / "static" / "embed" / "embed.js"


class Embed:
    """Pages in frames of other sites, and the script that puts them there.

    A popular site brings a crowd: what it looks at is read once a second, as in the shop.
    """

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        clock = frame.desk.clock
        self._details = Fresh(self._detail, clock, STALE_AT_MOST)
        self._brands = Fresh(self._brand, clock, STALE_AT_MOST)

    async def script(self, _: web.Request) -> web.FileResponse:
        """GET /embed.js"""
        return web.FileResponse(SCRIPT, headers={"Cache-Control": "public, max-age=3600"})

    async def season(self, request: web.Request) -> web.Response:
        """GET /embed: the season; with `organiser` that one's own ticket page, by its address, or by an id
        what the organisation presents too."""
        look = _look(request)
        if look is not None:
            page = await self._brands.get(look)
            return self._frame.framed(request, "brand", page=page, look=look)
        season = granted(await self._frame.desk.season.coming())
        wanted = as_uuid(request.query.get("organiser", ""))
        shown = tuple(
            event
            for event in season.events
            if wanted is None or any(partner.organisation == wanted for partner in event.partners)
        )
        framed = EventList(events=shown)
        return self._frame.framed(request, "season", events=shown, season=framed, chosen=None, sought="")

    async def event(self, request: web.Request) -> web.Response:
        """GET /embed/{slug}: one event and its places; with `organiser` in the look of that one."""
        detail = await self._details.get(request.match_info["slug"])
        door = await see_door(self._frame.desk, detail.event, None)
        shown = {"detail": detail, "chosen": Chosen(), "problem": None, "door": door, "look": _look(request)}
        return self._frame.framed(request, "event", **shown)

    async def _detail(self, slug: str) -> EventDetail:
        """An event; Refusal where orders declines."""
        question = Question("orders", "GET", f"/events/{slug}")
        return granted(await self._frame.desk.neighbours.ask(question, EventDetail))

    async def _brand(self, slug: str) -> BrandPage:
        """An organiser's own ticket page; Refusal where orders declines."""
        question = Question("orders", "GET", f"/brands/{slug}")
        return granted(await self._frame.desk.neighbours.ask(question, BrandPage))


def _look(request: web.Request) -> str | None:
    """The address of an organiser's own ticket page, as a site asks for it; None for an id or nothing."""
    wanted = request.query.get("organiser", "")
    return wanted if SLUG.fullmatch(wanted) and as_uuid(wanted) is None else None
