"""Tickets on other people's sites: one script puts a frame there (F-48)."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from chassis.reading import as_uuid
from contracts.orders.api import EventDetail, EventList
from services.gateway.entrypoints.pages.frame import Frame, granted
from services.gateway.entrypoints.pages.places import Chosen
from services.gateway.handlers.see_door import see_door

SCRIPT = Path(__file__).parents[2] / "static" / "embed" / "embed.js"


class Embed:
    """Pages in frames of other sites, and the script that puts them there."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def script(self, _: web.Request) -> web.FileResponse:
        """GET /embed.js"""
        return web.FileResponse(SCRIPT, headers={"Cache-Control": "public, max-age=3600"})

    async def season(self, request: web.Request) -> web.Response:
        """GET /embed: the season, or with `organiser` what one organisation presents."""
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
        """GET /embed/{slug}: one event and its places."""
        source = ("orders", f"/events/{request.match_info['slug']}")
        detail = await self._frame.read(request, source, EventDetail)
        door = await see_door(self._frame.desk, detail.event, None)
        return self._frame.framed(request, "event", detail=detail, chosen=Chosen(), problem=None, door=door)
