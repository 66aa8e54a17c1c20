"""The wish list: put on it, look at it, be told of it, show it (G-03, F-12)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import Halt
from chassis.wordings import of_the_page
from contracts.accounts.api import ChoiceRequest, Choices
from contracts.accounts.wishes import ReadWishList, SharedWishes, Wishes, WishKinds
from contracts.orders.api import EventSummary
from services.gateway.domain.session import Session
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.entrypoints.pages.frame import Frame, Refusal, granted, see
from services.gateway.entrypoints.pages.incoming import (
    fields_of,
    id_in,
    not_found,
    session_of,
    with_session,
)
from services.gateway.handlers.begin_visit import begin_visit
from services.gateway.handlers.wish_lists import WishLists
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path

REMINDERS = "wish_reminders"
KINDS = ("on_sale", "moved", "nearly_full")
SAVED = ("added", "removed", "reminders", "shared", "unshared")
NOTHING = Wishes(events=(), kinds=())


class WishPages:
    """One's own list, and a list that somebody shows."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk
        self._lists = WishLists(frame.desk)

    async def add(self, request: web.Request) -> web.Response:
        """POST /e/{slug}/wish: the first thing that is kept of a visit begins it."""
        event = await self._desk.programme.titled(request.match_info["slug"]) or not_found()
        session, cookie = session_of(request), None
        if session is None:
            session, cookie = await begin_visit(self._desk)
        done = await self._lists.add(session, event.id, self._frame.language(request))
        if isinstance(done, Declined):
            if done.slug != "wish-list-full":
                raise Refusal(done)
            return await self._show(request, session, self._frame.said(request, done), done.status)
        return see(f"{path('wishes')}?saved=added", set_cookie(cookie) if cookie else None)

    async def page(self, request: web.Request) -> web.Response:
        """GET /wishes: without a visit there is an empty list, and no cookie."""
        return await self._show(request, session_of(request), None, 200)

    async def remove(self, request: web.Request) -> web.Response:
        """POST /wishes/{event}/remove"""
        session, event = with_session(request), id_in(request, "event")
        granted(await self._lists.remove(session, event, self._frame.language(request)))
        return see(f"{path('wishes')}?saved=removed")

    async def remind(self, request: web.Request) -> web.Response:
        """POST /wishes/reminders: a tick is a consent, no tick takes it back."""
        session, fields = with_session(request), await fields_of(request)
        kinds = _kinds(fields)
        if kinds.kinds:
            granted(await self._lists.hear_of(session, kinds, self._frame.language(request)))
        given = bool(kinds.kinds)
        if given != await self._reminded(request, session):
            wanted = _choice(given, dict(fields).get("wording", ""))
            refused = await self._choose(request, session, wanted)
            if refused is not None:
                return await self._show(request, session, self._frame.said(request, refused), refused.status)
        return see(f"{path('wishes')}?saved=reminders#reminders")

    async def share(self, request: web.Request) -> web.Response:
        """POST /wishes/share"""
        granted(await self._lists.share(with_session(request), self._frame.language(request)))
        return see(f"{path('wishes')}?saved=shared#share")

    async def unshare(self, request: web.Request) -> web.Response:
        """POST /wishes/unshare"""
        granted(await self._lists.end_link(with_session(request), self._frame.language(request)))
        return see(f"{path('wishes')}?saved=unshared#share")

    async def shared(self, request: web.Request) -> web.Response:
        """GET /w/{token}: read only, and nobody's name."""
        try:
            asked = ReadWishList(token=request.match_info["token"])
        except ValidationError:
            not_found()
        question = ("accounts", "POST", "/wish-lists")
        found = granted(await self._frame.ask(request, question, SharedWishes, body=asked))
        events, _ = await self._events(found.events)
        response = await self._frame.show(request, "wishes_shared", events=events)
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response

    async def _show(
        self, request: web.Request, session: Session | None, problem: str | None, status: int
    ) -> web.Response:
        wished, acting = NOTHING, None
        if session is not None:
            wished = granted(await self._lists.see(session, self._frame.language(request)))
            acting = await self._lists.whose(session)
        events, over = await self._events(wished.events)
        reminded = acting is not None and session is not None and await self._reminded(request, session)
        link, saved = wished.link, request.query.get("saved")
        return await self._frame.show(
            request,
            "wishes",
            status,
            events=events,
            over=over,
            known=acting is not None,
            kinds=KINDS,
            ticked=wished.kinds if reminded else (),
            wording=of_the_page(REMINDERS),
            link=link,
            origin=self._desk.public_url.rstrip("/"),
            saved=saved if saved in SAVED else None,
            problem=problem,
        )

    async def _events(self, wished: Sequence[UUID]) -> tuple[tuple[EventSummary, ...], int]:
        """What is still to come of these, in order of time, and how many are over."""
        season = granted(await self._desk.season.coming())
        coming = tuple(event for event in season.events if event.id in wished)
        return coming, len(wished) - len(coming)

    async def _reminded(self, request: web.Request, session: Session) -> bool:
        acting = await self._lists.whose(session)
        choices = await self._frame.read(request, ("accounts", "/people/me/choices"), Choices, acting)
        return any(one.purpose == REMINDERS and one.state == "given" for one in choices.choices)

    async def _choose(self, request: web.Request, session: Session, wanted: ChoiceRequest) -> Declined | None:
        acting = await self._lists.whose(session)
        asked = ("accounts", "POST", "/people/me/choices")
        done = await self._frame.ask(request, asked, Choices, acting, body=wanted)
        return done if isinstance(done, Declined) else None


def _kinds(fields: Sequence[tuple[str, str]]) -> WishKinds:
    """What was ticked."""
    try:
        return WishKinds.model_validate({"kinds": [value for name, value in fields if name == "kind"]})
    except ValidationError:
        raise Halt("invalid-input") from None


def _choice(given: bool, wording: str) -> ChoiceRequest:
    """The consent that a tick gives, with the wording that stood beside it, or its end."""
    state = "given" if given else "withdrawn"
    try:
        return ChoiceRequest(purpose=REMINDERS, state=state, wording=wording or None)
    except ValidationError:
        raise Halt("invalid-input") from None
