"""Somebody who logged in keeps the order of a guest in their account, by the link in its mail (G-02)."""

from __future__ import annotations

from uuid import UUID

from chassis.claims import account_of as kept_by
from chassis.claims import keep
from chassis.clock import Clock
from chassis.decision import Refused
from chassis.gate import is_restricted
from chassis.routes import Call
from chassis.tokens import LinkReader
from chassis.work import Work, Workplace
from contracts.accounts.claims import Claimed, ClaimGuest
from contracts.accounts.events import SubjectMergedV1
from services.accounts.domain.claiming import Guest, may_claim
from services.accounts.inviting import account_of
from services.accounts.store import sessions

TAKEN = Refused("claim-taken")


class ClaimAGuest:
    """POST /account/guests."""

    def __init__(self, work: Workplace, links: LinkReader, clock: Clock) -> None:
        self._work = work
        self._links = links
        self._clock = clock

    async def __call__(self, call: Call) -> Claimed | Refused:
        """The guest, who is the account's from now on.

        Refused with session-ended, claim-link-dead, person-unknown, and what domain/claiming.py refuses.
        """
        asked: ClaimGuest = call.body
        own = await account_of(self._work, call.actor, asked.secret)
        if own is None:
            return Refused("session-ended")
        link = self._links.read(asked.link, self._clock.now())
        if link is None:
            return Refused("claim-link-dead")
        async with self._work("rights", call.actor) as tx:
            return await self._claimed(tx, link.subject, own.subject)

    async def _claimed(self, tx: Work, guest: UUID, account: UUID) -> Claimed | Refused:
        if not await tx.remembers(account):
            return Refused("person-unknown")
        found = await self._found(tx, guest)
        allowed = may_claim(found, account, account_restricted=await is_restricted(tx, account))
        if isinstance(allowed, Refused):
            return allowed
        if allowed.value:
            if not await keep(tx, guest, account, tx.now):
                # Somebody else's click came between: theirs counts, unless it was one's own.
                return Claimed(guest=guest) if await kept_by(tx, guest) == account else TAKEN
            await tx.announce(SubjectMergedV1(subject=guest, into=account))
        return Claimed(guest=guest)

    async def _found(self, tx: Work, guest: UUID) -> Guest:
        """The lock that `remembers` takes makes an erasure of this guest wait, or this wait for it."""
        forgotten = not await tx.remembers(guest)
        return Guest(
            guest,
            forgotten,
            await sessions.key_of(tx, guest) is not None,
            await is_restricted(tx, guest),
            await kept_by(tx, guest),
        )
