"""The privacy desk finds the persons behind an address: a guest is a person per order, never merged."""

from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import FindSubject, FoundSubjects
from services.accounts.domain.people import email_key
from services.accounts.store import people

MOST = 200


class FindSubjects:
    """POST /subjects/by-email: the address rides in the body, never in a URL."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> FoundSubjects:
        """Subject ids, the oldest first, at most 200; none where nobody wrote from there."""
        asked: FindSubject = call.body
        async with self._work("rights", call.actor, call.reason) as tx:
            found = await people.by_email(tx, email_key(asked.email), MOST)
            tx.saw(found)
        return FoundSubjects(subjects=found)
