"""Log in (G-14, G-71): the same answer after the same time, whether the user exists or not."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.api import LogIn, Session
from contracts.accounts.events import ActivitySeenV1
from contracts.actors import Actor
from services.accounts.domain.attempts import may_try
from services.accounts.passwords import Passwords, user_hash, user_key
from services.accounts.store import sessions

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class LogInTerms:
    """How long a session lasts, how many failures a window bears, and the key that hides user names."""

    session: timedelta
    failures: int
    window: timedelta
    attempt_key: bytes


def hashed(secret: str) -> bytes:
    """How a session's secret is stored: it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


class StartSession:
    """POST /sessions."""

    def __init__(self, work: Workplace, passwords: Passwords, terms: LogInTerms) -> None:
        self._work = work
        self._passwords = passwords
        self._terms = terms

    async def __call__(self, call: Call) -> Session | Refused:
        """A session; or log-in-refused, too-many-attempts, log-in-busy."""
        if self._passwords.full:
            return Refused("log-in-busy")
        asked: LogIn = call.body
        key = user_key(asked.user)
        mark = user_hash(self._terms.attempt_key, key)
        counted = may_try(await self._count(call.actor, mark), self._terms.failures)
        if isinstance(counted, Refused):
            return counted
        found = await sessions.log_in_of(self._work.once("account", call.actor), key)
        stored = found.password_hash if found else None
        checked = await self._passwords.verify(asked.password.get_secret_value(), stored)
        if isinstance(checked, Refused):
            return checked
        security = self._work.once("security", call.actor)
        if not checked.value or found is None:
            # Written for unknown users too, so that both refusals do the same work.
            await sessions.attempt_belongs_to(security, mark, found.subject if found else None)
            return Refused("log-in-refused")
        async with self._work("account", call.actor) as tx:
            session = await self._started(tx, found)
        await sessions.clear_attempts(security, mark)
        return session

    async def _count(self, actor: Actor, mark: bytes) -> int:
        async with self._work("security", actor) as tx:
            return await sessions.count_attempt(tx, mark, tx.now, tx.now - self._terms.window)

    async def _started(self, tx: Work, found: sessions.LogInRow) -> Session | Refused:
        holder = await sessions.who(tx, found.subject) if await tx.remembers(found.subject) else None
        if holder is None:
            return Refused("log-in-refused")
        secret = secrets.token_urlsafe(SECRET_BYTES)
        until = tx.now + self._terms.session
        await sessions.start(tx, hashed(secret), found.subject, tx.now, until)
        # Staff too: whoever does not log in for seven years is forgotten, whatever their role (G-41).
        await tx.announce(ActivitySeenV1(subject=found.subject, day=tx.now.date()))
        return Session(
            secret=secret,
            actor=holder.actor.id,
            role=holder.actor.role,
            organisation=holder.actor.organisation,
            display_name=holder.name,
            expires_at=until,
        )
