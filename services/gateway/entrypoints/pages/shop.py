"""Season, event, holding places: from finding to a basket."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web
from pydantic import ValidationError

from chassis.fresh import Fresh
from chassis.reading import as_uuid
from contracts.orders.api import EventDetail, HoldRequest
from services.gateway.domain.gathered import chosen_of, events_of, with_words
from services.gateway.domain.lately import Lately
from services.gateway.domain.packed import Packed
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.entrypoints.pages.basket import WAITS
from services.gateway.entrypoints.pages.frame import Frame, answered, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, session_of
from services.gateway.entrypoints.pages.places import TOO_MANY, Chosen, read_places
from services.gateway.handlers.begin_visit import begin_visit
from services.gateway.handlers.hold_places import Wanted, hold_places
from services.gateway.handlers.see_door import see_door
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path
from services.gateway.rendering import Reader

STALE_AT_MOST = timedelta(seconds=1)


class Shop:
    """Pages of the shop."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk
        clock = frame.desk.clock
        self._details = Fresh(self._read, clock, STALE_AT_MOST)
        self._drawn = Fresh(self._draw, clock, STALE_AT_MOST, largest=100)
        self._held = Lately(STALE_AT_MOST)
        self._season = Fresh(self._draw_season, clock, STALE_AT_MOST)

    async def season(self, request: web.Request) -> web.Response:
        """GET /, GET /?in={series or season}, GET /?q={words}: drawn once a second, as an event is."""
        if session_of(request) is None and not request.query_string:
            language = self._frame.language(request)
            return _sent(request, await self._season.get(language), language)
        season = granted(await self._frame.desk.season.coming())
        chosen = chosen_of(season, as_uuid(request.query.get("in", "")))
        sought = request.query.get("q", "").strip()[:60]
        events = with_words(events_of(season, chosen), sought, self._frame.language(request))
        return await self._frame.show(
            request, "season", events=events, season=season, chosen=chosen, sought=sought
        )

    async def event(self, request: web.Request) -> web.Response:
        """GET /e/{slug}: drawn once a second for all whom we do not know, whatever crowd looks."""
        if session_of(request) is None and not request.query_string:
            language = self._frame.language(request)
            return _sent(request, await self._drawn.get((request.match_info["slug"], language)), language)
        return await self._show(request, Chosen(), None, 200)

    async def hold(self, request: web.Request) -> web.Response:
        """POST /e/{slug}/hold"""
        chosen = read_places(await fields_of(request))
        detail = await self._details.get(request.match_info["slug"])
        try:
            wanted = chosen.hold_of(detail.event.id)
        except ValidationError:
            return await self._show(request, chosen, self._frame.said(request, TOO_MANY), TOO_MANY.status)
        return await self._hold(request, chosen, wanted)

    async def _hold(self, request: web.Request, chosen: Chosen, wanted: HoldRequest) -> web.Response:
        session, cookie = session_of(request), None
        if session is None:
            session, cookie = await begin_visit(self._desk)
        wish = Wanted.clicked(wanted, session, self._frame.language(request))
        held = await hold_places(self._desk, session, wish)
        self._held.note(session.id_hash, self._desk.clock.now())
        if isinstance(held, Declined) and held.slug in WAITS:
            onward = path("wait", slug=request.match_info["slug"])
            return see(onward, set_cookie(cookie) if cookie else None)
        if isinstance(held, Declined):
            return await self._show(request, chosen, self._frame.said(request, held), held.status)
        return see(path("basket"), set_cookie(cookie) if cookie else None)

    async def _show(
        self, request: web.Request, chosen: Chosen, problem: str | None, status: int
    ) -> web.Response:
        slug, session = request.match_info["slug"], session_of(request)
        if problem or (session and self._held.take(session.id_hash, self._desk.clock.now())):
            self._details.forget(slug)
        detail = await self._details.get(slug)
        door = await see_door(self._desk, detail.event, session)
        response = await self._frame.show(
            request, "event", status, detail=detail, chosen=chosen, problem=problem, door=door
        )
        if detail.seats:
            response.enable_compression()
        return response

    async def _draw(self, key: tuple[str, str]) -> Packed:
        """The page of an event in a language, for somebody without a session."""
        slug, language = key
        detail = await self._details.get(slug)
        door = await see_door(self._desk, detail.event, None)
        reader = Reader(language, path("event", slug=slug))
        return Packed.of(
            self._frame.pages.render("event", reader, detail=detail, chosen=Chosen(), problem=None, door=door)
        )

    async def _draw_season(self, language: str) -> Packed:
        """The whole season in a language, for somebody without a session."""
        season = granted(await self._frame.desk.season.coming())
        reader, events = Reader(language, path("season")), events_of(season, None)
        return Packed.of(
            self._frame.pages.render("season", reader, events=events, season=season, chosen=None, sought="")
        )

    async def _read(self, slug: str) -> EventDetail:
        """An event with its free places; Refusal where orders declines."""
        question = Question("orders", "GET", f"/events/{slug}")
        return granted(await self._desk.neighbours.ask(question, EventDetail))


def _sent(request: web.Request, drawn: Packed, language: str) -> web.Response:
    """A page that was packed once, as this browser takes it."""
    response = answered("", 200, language)
    small = "gzip" in request.headers.get("Accept-Encoding", "")
    response.body = drawn.gzipped if small else drawn.plain
    response.headers["Vary"] = "Accept-Encoding"
    if small:
        response.headers["Content-Encoding"] = "gzip"
    return response
