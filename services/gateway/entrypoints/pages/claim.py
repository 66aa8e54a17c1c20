"""A mail about a guest's order is opened by somebody who logged in: keep it in the account, or only look."""

from __future__ import annotations

from aiohttp import web

from chassis.reading import Halt
from chassis.tokens import MAX_LENGTH
from contracts.actors import Role
from services.gateway.domain.session import Session
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.entrypoints.pages.frame import Frame, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, in_role
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.follow_link import follow_link
from services.gateway.handlers.keep_guest import keep_guest
from services.gateway.handlers.know_own_link import know_own_link
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path

LINK = "__Host-claim"
"""Holds the token of the link while its page is open, so that it stays in no history."""
LINK_LIFE = 900


class ClaimPage:
    """GET only shows: whoever scans a mail and follows its links keeps nothing for anybody."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def ask(self, request: web.Request) -> web.Response:
        """GET /claim"""
        in_role(request, Role.VISITOR)
        token_of(request)
        return await self._frame.show(request, "claim", problem=None)

    async def answer(self, request: web.Request) -> web.Response:
        """POST /claim: `keep` puts the order into the account, anything else only looks at it."""
        session, token = in_role(request, Role.VISITOR), token_of(request)
        if dict(await fields_of(request)).get("keep") != "yes":
            return await self._look(token)
        kept = await keep_guest(self._desk, session, token, self._frame.language(request))
        if isinstance(kept, Declined):
            said = self._frame.said(request, kept)
            return await self._frame.show(request, "claim", kept.status, problem=said)
        return _done(see(path("my_data") + "?saved=claimed#bought"))

    async def _look(self, token: str) -> web.Response:
        found = await follow_link(self._desk, token)
        if found is None:
            raise Halt("link-dead")
        return _done(see(path("my_data"), set_cookie(found[1])))


async def before_following(desk: Desk, session: Session, token: str, onward: str) -> web.Response | None:
    """Where a link leads somebody who logged in; None where it is followed as anybody's is."""
    if session.kind != "login" or session.actor.role is not Role.VISITOR:
        return None
    link = desk.links.read(token, desk.clock.now())
    if link is None:
        return None
    if await know_own_link(desk, session, link):
        return see(onward)
    response = see(path("claim"))
    response.set_cookie(LINK, token, max_age=LINK_LIFE, path="/", secure=True, httponly=True, samesite="Lax")
    return response


def token_of(request: web.Request) -> str:
    """The token that the link left in this browser; without one there is nothing to keep."""
    token = request.cookies.get(LINK)
    return granted(Declined.ours("link-dead", 410) if not token or len(token) > MAX_LENGTH else token)


def _done(response: web.Response) -> web.Response:
    response.del_cookie(LINK, path="/", secure=True, httponly=True, samesite="Lax")
    return response
