"""Visits that begin from one address: a flood of fresh ones is slowed down, so nobody fills a line alone.

Addresses stand here in memory only, hashed with a salt that is forgotten every day, and in no database.
"""

from __future__ import annotations

import hashlib
import ipaddress
import secrets
from collections import OrderedDict
from datetime import date, datetime

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from chassis.clock import Clock
from chassis.routes import VISIT
from services.gateway.domain.visits_limit import VisitsLimit
from services.gateway.entrypoints.arriving import arriving
from services.gateway.entrypoints.pages.frame import Refusal
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import PATHS

REMEMBERED = 100_000
BEGINS = frozenset(
    {PATHS["hold"], PATHS["wait"], PATHS["wish"], "/api/v1/holds", "/api/v1/events/{slug}/waiting"},
)
"""Where a visit begins, by POST, for whoever has none."""


class Flood:
    """What began lately, by salted hash of the address. Each gateway counts for itself."""

    def __init__(self, limit: VisitsLimit, clock: Clock) -> None:
        self._limit = limit
        self._clock = clock
        self._day: date | None = None
        self._salt = b""
        self._known: OrderedDict[bytes, datetime] = OrderedDict()

    def wait(self, address: str | None) -> int:
        """Seconds until another visit may begin from there; 0 for now, which is counted.

        This machine itself is not counted: who runs the house behind a proxy says so in its settings.
        """
        if address is None or ipaddress.ip_address(address).is_loopback:
            return 0
        now = self._clock.now()
        if now.date() != self._day:
            self._day, self._salt = now.date(), secrets.token_bytes(32)
            self._known.clear()
        key = hashlib.blake2b(address.encode(), key=self._salt, digest_size=16).digest()
        self._known[key], seconds = self._limit.begin(self._known.pop(key, None), now)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return seconds


def against_flood(flood: Flood) -> Middleware:
    """Refuse what would begin one visit too many, with the time after which it may."""

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        resource = request.match_info.route.resource
        begins = resource is not None and resource.canonical in BEGINS
        if begins and request.method == "POST" and VISIT not in request:
            seconds = flood.wait(arriving().origin.address)
            if seconds:
                raise Refusal(Declined.ours("too-many-visits", 429, retry_after=seconds))
        return await handler(request)

    return around
