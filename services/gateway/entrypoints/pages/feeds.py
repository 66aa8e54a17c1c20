"""What others put beside their own: calendar files, and organisers' own ticket pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web

from chassis.fresh import Fresh
from contracts.orders.api import EventDetail, EventSummary
from contracts.orders.planning import BrandPage
from services.gateway.calendar_file import Venue, calendar_file
from services.gateway.domain.accent import accent_css
from services.gateway.entrypoints.pages.frame import Frame, granted

STALE_AT_MOST = timedelta(seconds=1)


class Feeds:
    """/season.ics, /e/{slug}.ics, /o/{slug}."""

    def __init__(self, frame: Frame, house: Mapping[str, Any]) -> None:
        self._frame = frame
        self._venue = Venue.of(house["house"], frame.desk.public_url.rstrip("/"))
        self._written = Fresh(self._write, frame.desk.clock, STALE_AT_MOST)

    async def season(self, request: web.Request) -> web.Response:
        """GET /season.ics"""
        return self._sent(request, await self._written.get(self._frame.language(request)), "season")

    async def event(self, request: web.Request) -> web.Response:
        """GET /e/{slug}.ics"""
        slug = request.match_info["slug"]
        detail = await self._frame.read(request, ("orders", f"/events/{slug}"), EventDetail)
        text = self._calendar([detail.event], self._frame.language(request))
        return self._sent(request, text, slug)

    async def brand(self, request: web.Request) -> web.Response:
        """GET /o/{slug}"""
        page = await self._page(request)
        return await self._frame.show(request, "brand", page=page, look=page.brand.slug)

    async def brand_css(self, request: web.Request) -> web.Response:
        """GET /o/{slug}/look.css"""
        page = await self._page(request)
        css = accent_css(page.brand.accent)
        return web.Response(
            text=css, content_type="text/css", headers={"Cache-Control": "public, max-age=60"}
        )

    async def _page(self, request: web.Request) -> BrandPage:
        slug = request.match_info["slug"]
        return await self._frame.read(request, ("orders", f"/brands/{slug}"), BrandPage)

    async def _write(self, language: str) -> str:
        season = granted(await self._frame.desk.season.coming())
        return self._calendar(season.events, language)

    def _calendar(self, events: Sequence[EventSummary], language: str) -> str:
        return calendar_file(self._venue, events, language, self._frame.desk.clock.now())

    def _sent(self, request: web.Request, text: str, name: str) -> web.Response:
        headers = {
            "Content-Disposition": f'attachment; filename="{name}.ics"',
            "Content-Language": self._frame.language(request),
            "Cache-Control": "public, max-age=300",
            "Vary": "Accept-Language, Cookie",
        }
        return web.Response(text=text, content_type="text/calendar", headers=headers)
