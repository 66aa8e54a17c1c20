"""The waiting room: a calm page that keeps a place and leads on when the turn comes (F-73)."""

from __future__ import annotations

from aiohttp import web

from contracts.orders.api import EventSummary
from services.gateway.domain.session import COOKIE, hashed
from services.gateway.domain.waiting_ticket import Standing
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.entrypoints.pages.frame import Frame, Refusal, granted, see
from services.gateway.entrypoints.pages.incoming import not_found, session_of, with_session
from services.gateway.handlers.see_place import see_place
from services.gateway.handlers.stand_in_line import stand_in_line
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path
from services.gateway.rendering import Reader


class Waiting:
    """The page of a line, its part that changes, and its forms."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def page(self, request: web.Request) -> web.Response:
        """GET /e/{slug}/wait: who stands in no line, or may choose, belongs on the event's page."""
        event, session = await self._event(request), session_of(request)
        stands = None if session is None else await see_place(self._desk, event, session.id_hash)
        if stands is None or stands.state == "in":
            return see(onward_of(event, stands))
        draw = await self._desk.waiting.draw(event.id)
        told = self._told(event, stands)
        return await self._frame.show(request, "waiting", 200, draw=draw, **told)

    async def join(self, request: web.Request) -> web.Response:
        """POST /e/{slug}/wait"""
        event = await self._event(request)
        stands, cookie = granted(await stand_in_line(self._desk, event, session_of(request)))
        return see(onward_of(event, stands), set_cookie(cookie) if cookie else None)

    async def place(self, request: web.Request) -> web.Response:
        """GET /e/{slug}/wait/place: the part that changes; it is asked often, so it asks little."""
        event = await self._event(request)
        stands = await see_place(self._desk, event, hashed(request.cookies.get(COOKIE, "")))
        if stands is None:
            not_found()
        reader = Reader(self._frame.language(request), path("wait", slug=event.slug))
        html = self._frame.pages.render("waiting_place", reader, **self._told(event, stands))
        return web.Response(text=html, content_type="text/html")

    async def more_time(self, request: web.Request) -> web.Response:
        """POST /e/{slug}/wait/more"""
        event, session = await self._event(request), with_session(request)
        if await self._desk.waiting.more_time(event.id, session.id_hash) is None:
            raise Refusal(Declined.ours("turn-over", 409))
        return see(path("event", slug=event.slug) + "#turn")

    async def leave(self, request: web.Request) -> web.Response:
        """POST /e/{slug}/wait/leave"""
        event, session = await self._event(request), with_session(request)
        await self._desk.waiting.leave(event.id, session.id_hash)
        return see(path("event", slug=event.slug))

    async def _event(self, request: web.Request) -> EventSummary:
        return await self._desk.programme.titled(request.match_info["slug"]) or not_found()

    def _told(self, event: EventSummary, stands: Standing) -> dict[str, object]:
        turn = int(self._desk.waiting.limits.turn.total_seconds())
        return {"event": event, "stands": stands, "turn_seconds": turn, "onward": onward_of(event, stands)}


def onward_of(event: EventSummary, stands: Standing | None) -> str:
    """Where somebody belongs who stands so: in line, or where places are chosen; a turn takes the focus."""
    if stands is not None and stands.state != "in":
        return path("wait", slug=event.slug)
    return path("event", slug=event.slug) + ("#turn" if stands is not None and stands.called else "#places")
