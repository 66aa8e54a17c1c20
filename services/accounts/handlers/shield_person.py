"""The privacy officer shields somebody who asked for it, looks again, and ends it (F-70)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from contracts.accounts.shielding import Protect, Protection, Protections, ShieldedName
from services.accounts.domain.shielding import NOT_SHIELDED, Shield
from services.accounts.shields import cover, uncover
from services.accounts.store import people, protections

PURPOSE = "protection"
MOST = 1_000


class ShieldPerson:
    """/people/{subject}/protection, /people/{subject}/name and /protections."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def begin(self, call: Call) -> Protection | Refused:
        """PUT: shielded from now on, in every service within two seconds; nobody-known."""
        asked: Protect = call.body
        subject = UUID(call.path["subject"])
        async with self._work(PURPOSE, call.actor, call.reason) as tx:
            tx.saw([subject])
            if not await tx.remembers(subject) or not await people.names(tx, [subject]):
                return Refused("nobody-known")
            return _told(subject, await cover(tx, subject, asked.reason, tx.now), due=False)

    async def end(self, call: Call) -> Answer | Refused:
        """DELETE: 204; not-protected."""
        subject = UUID(call.path["subject"])
        async with self._work(PURPOSE, call.actor, call.reason) as tx:
            tx.saw([subject])
            if not await uncover(tx, subject):
                return NOT_SHIELDED
        return Answer(None, status=204)

    async def one(self, call: Call) -> Protection | Refused:
        """GET: how somebody is shielded; not-protected."""
        subject = UUID(call.path["subject"])
        async with self._work(PURPOSE, call.actor, call.reason) as tx:
            found = await protections.find(tx, subject)
            tx.saw([subject] if found else [])
            return _told(subject, found, due=found.due(tx.now)) if found else NOT_SHIELDED

    async def every(self, call: Call) -> Protections | Refused:
        """GET /protections: whoever is shielded, without names."""
        async with self._work(PURPOSE, call.actor, call.reason) as tx:
            found = await protections.every(tx, MOST)
            refused = await tx.saw_many(subject for subject, _ in found)
            told = (_told(subject, one, due=one.due(tx.now)) for subject, one in found)
            return refused or Protections(protections=tuple(told))

    async def name(self, call: Call) -> ShieldedName | Refused:
        """GET /people/{subject}/name: of somebody who is shielded, and of nobody else; not-protected."""
        subject = UUID(call.path["subject"])
        async with self._work(PURPOSE, call.actor, call.reason) as tx:
            found = await protections.find(tx, subject)
            names = await people.names(tx, [subject]) if found else {}
            tx.saw(names)
            return ShieldedName(subject=subject, name=names[subject]) if names else NOT_SHIELDED


def _told(subject: UUID, shield: Shield, *, due: bool) -> Protection:
    return Protection.model_validate(
        {
            "subject": subject,
            "reason": shield.reason,
            "since": shield.since,
            "review_on": shield.review_on,
            "due": due,
        }
    )
