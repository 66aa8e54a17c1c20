"""Programs of an organisation ask with a key (W-60): it speaks for them at a few doors, at a bearable pace.

Keys stand here in memory only, hashed. accounts says what a key may do, and each service what it may see.
"""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime
from uuid import UUID

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from chassis.clock import Clock
from chassis.routes import VISIT, Visit
from contracts.accounts.keys import KEY_PREFIX
from contracts.actors import Actor, Role
from services.gateway.domain.session import Session, hashed
from services.gateway.domain.visits_limit import VisitsLimit
from services.gateway.entrypoints.pages.frame import Refusal
from services.gateway.neighbours.declined import Declined

SCHEME = "Bearer " + KEY_PREFIX
LONGEST = 200
REMEMBERED = 10_000
DOORS = frozenset(
    {
        "/api/v1/organiser/attendees",
        "/api/v1/organiser/events",
        "/api/v1/organiser/events/{event}",
    }
)
"""What a key opens at all; anywhere else it is no token that counts."""
SOME_KEY = Actor(Role.ORGANISER_KEY, UUID(int=0))
"""Whose key it is, accounts says in the token that it gives for it."""


class KeyPace:
    """How often each key asked lately. Each gateway counts for itself."""

    def __init__(self, limit: VisitsLimit, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._known: OrderedDict[bytes, datetime] = OrderedDict()

    def session(self, key: str) -> Session:
        """The session that a key is for one request; Refusal where it asks too often."""
        now, digest = self._clock.now(), hashed(key)
        self._known[digest], seconds = self._limit.begin(self._known.pop(digest, None), now)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        if seconds:
            raise Refusal(Declined.ours("key-too-often", 429, retry_after=seconds))
        return Session(digest, "key", SOME_KEY, None, None, key, now)


def by_key(pace: KeyPace) -> Middleware:
    """Whoever comes with a key to one of its doors is that program, whatever cookie they have."""

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        told, resource = request.headers.get("Authorization", ""), request.match_info.route.resource
        at_its_door = resource is not None and resource.canonical in DOORS
        if at_its_door and told.startswith(SCHEME) and len(told) <= LONGEST:
            session = pace.session(told.removeprefix("Bearer "))
            request[VISIT] = Visit(session.actor, session)
        return await handler(request)

    return around
