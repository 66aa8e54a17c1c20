"""Staff look somebody up for a reason: by address, or one person with their choices (G-64, G-71).

Who it is comes from what keeping choices may read, names from what answering questions may: whoever is hidden
from that is found without a name, and can be helped all the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import FindSubject
from contracts.accounts.desk import FoundPeople, FoundPerson, PersonAtDesk
from services.accounts.domain.people import email_key
from services.accounts.store import choices, people

CHOICES, QUESTIONS = "keeping_choices", "questions"
MOST = 50


class FindPeople:
    """POST /people/search and GET /people/{subject}."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def search(self, call: Call) -> FoundPeople:
        """Who wrote from that address, the newest first, at most fifty; none where nobody did."""
        asked: FindSubject = call.body
        async with self._work(CHOICES, call.actor, call.reason) as tx:
            known = await people.newest_by_email(tx, email_key(asked.email), MOST)
            tx.saw(known)
        names = await self._names(call, known)
        found = (
            FoundPerson(subject=one, name=names.get(one), known_since=since) for one, since in known.items()
        )
        return FoundPeople(people=tuple(found))

    async def person(self, call: Call) -> PersonAtDesk | Refused:
        """One person with their choices; nobody-known."""
        subject = UUID(call.path["subject"])
        async with self._work(CHOICES, call.actor, call.reason) as tx:
            since = await people.known_since(tx, subject)
            tx.saw([subject] if since else [])
            if since is None:
                return Refused("nobody-known")
            standing = tuple(await choices.all_standing(tx, subject))
        names = await self._names(call, [subject])
        return PersonAtDesk(subject=subject, name=names.get(subject), known_since=since, choices=standing)

    async def _names(self, call: Call, subjects: Collection[UUID]) -> Mapping[UUID, str]:
        """The names that staff may read."""
        async with self._work(QUESTIONS, call.actor, call.reason) as tx:
            names = await people.names(tx, subjects)
            tx.saw(names)
        return names
