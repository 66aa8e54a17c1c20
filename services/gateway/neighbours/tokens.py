"""Tokens for the other services: signed here for visitors, fetched from accounts for people who logged in."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.clock import Clock
from chassis.routes import ANONYMOUS
from chassis.tokens import LIFETIME, Issuer, Proof
from contracts.accounts.api import Token
from contracts.actors import Actor, Role
from services.gateway.domain.session import Session, guest
from services.gateway.neighbours.declined import Declined

RENEWED_BEFORE_END = timedelta(seconds=30)
REMEMBERED = 10_000

FetchToken = Callable[[str, str], Awaitable[Token | Declined]]
"""(session secret, audience) to a token of accounts; declined where the log-in ended or nobody answers."""


@dataclass(frozen=True)
class Acting:
    """As whom a request goes on: the session, or for a guest the person that an order belongs to."""

    session: Session
    subject: UUID | None = None

    @property
    def actor(self) -> Actor:
        """The actor that the token names."""
        if self.session.kind == "guest" and self.subject is not None:
            return Actor(Role.VISITOR, self.subject)
        return self.session.actor


def nobody(now: datetime) -> Acting:
    """Someone who just looks around: a visitor of whom nothing is known, not even a session."""
    return Acting(guest(b"", ANONYMOUS.id, now))


class TokenBook:
    """Keeps each token until 30 s before its end: one per request costs a third of the speed."""

    def __init__(self, issuer: Issuer, fetch: FetchToken, clock: Clock) -> None:
        self._issuer = issuer
        self._fetch = fetch
        self._clock = clock
        self._known: OrderedDict[tuple[bytes, UUID, str], tuple[str, datetime]] = OrderedDict()

    async def token(self, asking: Acting | None, audience: str) -> str | Declined:
        """A token for one service, nobody's where nobody asks; declined as accounts declined it."""
        now = self._clock.now()
        acting = nobody(now) if asking is None else asking
        key = (acting.session.id_hash, acting.actor.id, audience)
        known = self._known.get(key)
        if known is not None and now < known[1] - RENEWED_BEFORE_END:
            return known[0]
        fresh = await self._fresh(acting, audience, now)
        if isinstance(fresh, Declined):
            return fresh
        self._remember(key, fresh)
        return fresh[0]

    def forget(self, session: Session) -> None:
        """Drop the tokens of a session that ended."""
        for key in [key for key in self._known if key[0] == session.id_hash]:
            del self._known[key]

    async def _fresh(self, acting: Acting, audience: str, now: datetime) -> tuple[str, datetime] | Declined:
        if acting.session.secret is None:
            followed = acting.session.link_followed_at
            proof = None if followed is None else Proof(followed, ("mail",))
            signed = self._issuer.sign(acting.actor, audience, now, proof)
            return signed, now + LIFETIME
        token = await self._fetch(acting.session.secret, audience)
        return token if isinstance(token, Declined) else (token.token, token.expires_at)

    def _remember(self, key: tuple[bytes, UUID, str], fresh: tuple[str, datetime]) -> None:
        self._known[key] = fresh
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
