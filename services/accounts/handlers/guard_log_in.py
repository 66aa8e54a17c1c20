"""Guessing is slowed down, per account and per place on the network; the owner is never locked out (G-71).

Tries are counted before they are checked, so that parallel ones are all counted. A device on which the owner
logged in before has a lane of its own: whoever fills the account's lane from elsewhere does not close it.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.decision import Accepted, Refused
from chassis.work import Work, Workplace
from contracts.accounts.api import Origin
from contracts.actors import Actor
from services.accounts.domain.attempts import may_try
from services.accounts.passwords import user_hash
from services.accounts.store import devices, sessions
from services.accounts.visiting import hashed

KNOWN_FOR = timedelta(days=30)
NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many failures a window bears, per account and per address, and the key that hides both."""

    failures: int
    address_failures: int
    window: timedelta
    key: bytes


@dataclass(frozen=True, slots=True)
class Try:
    """A try that may be checked: where it is counted, and whether its device is `new` to the person.

    `keeps` is the device's secret, where somebody is known by it.
    """

    marks: tuple[bytes, ...]
    new: bool
    keeps: str | None


class Guard:
    """Counts tries; the same work for names that exist and names that do not."""

    def __init__(self, work: Workplace, pace: Pace) -> None:
        self._work = work
        self._pace = pace

    async def begin(self, actor: Actor, key: str, subject: UUID | None, origin: Origin) -> Try | Refused:
        """A try that may be checked; or too-many-attempts."""
        device = hashed(origin.known) if origin.known is not None else None
        async with self._work("security", actor) as tx:
            known, somebodys, others = await devices.recognise(
                tx, subject or NOBODY, device, tx.now - KNOWN_FOR
            )
            lane = f"{key}\0{origin.known}" if known else key
            marks = [user_hash(self._pace.key, lane)]
            counts = [(await self._count(tx, marks[0]), self._pace.failures)]
            if origin.address is not None:
                marks.append(self.mark_of(f"address\0{origin.address}"))
                counts.append((await self._count(tx, marks[1]), self._pace.address_failures))
        for count, limit in counts:
            allowed = may_try(count, limit, self._pace.window)
            if isinstance(allowed, Refused):
                return allowed
        return Try(tuple(marks), others and not known, origin.known if somebodys else None)

    async def failed(self, actor: Actor, tried: Try, subject: UUID | None) -> None:
        """Say whose try this was: for unknown users too, so that both refusals do the same work."""
        sql = self._work.once("security", actor)
        await sessions.attempt_belongs_to(sql, tried.marks[0], subject)

    async def passed(self, tx: Work, tried: Try) -> None:
        """The right password wipes the slate, and the place on the network has one failure less."""
        await sessions.clear_attempts(tx, tried.marks[0])
        for mark in tried.marks[1:]:
            await sessions.forgive(tx, mark)

    async def may_ask(self, actor: Actor, what: str, limit: int | None = None) -> Accepted[None] | Refused:
        """Count a request that is no log-in; too-many-attempts beyond `limit`, or what an address may do."""
        async with self._work("security", actor) as tx:
            count = await self._count(tx, self.mark_of(what))
        return may_try(count, limit or self._pace.address_failures, self._pace.window)

    def mark_of(self, what: str) -> bytes:
        """What stands in the table for an account, an address or a request."""
        return user_hash(self._pace.key, what)

    async def _count(self, tx: Work, mark: bytes) -> int:
        return await sessions.count_attempt(tx, mark, tx.now, tx.now - self._pace.window)
