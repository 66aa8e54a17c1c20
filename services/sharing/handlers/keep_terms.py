"""What time does: agreements begin and lapse, recalls become overdue, the door list's term is counted."""

from __future__ import annotations

from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.sharing.events import RecallOverdueV1
from services.sharing.domain.purposes import EXCHANGE
from services.sharing.store import agreements, attendees, ledger

RIGHTS = "rights"
STORAGE_LIMITATION = "storage_limitation"


class AnnounceAgreements:
    """Tells other services of each agreement when it begins and when it lapses (W-30)."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self) -> None:
        """Announce what began or lapsed since the last time."""
        async with self._work(EXCHANGE, SYSTEM) as tx:
            for event in await agreements.begin_or_end(tx, tx.now):
                await tx.announce(event)


class NoteOverdue:
    """Says which recipients did not acknowledge a recall in time; their case goes on and says so."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self) -> None:
        """Announce recalls whose term passed; the messages go on being sent."""
        async with self._work(RIGHTS, SYSTEM) as tx:
            for recall in await ledger.overdue(tx):
                await tx.announce(
                    RecallOverdueV1(subject=recall.subject, case=recall.case, recipient=recall.recipient)
                )


class CountTerms:
    """Lets the door list's term count from the end of each event, also where that end moved."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self) -> None:
        """Everybody's: a term runs whatever somebody objected to or restricted."""
        await attendees.count_terms(self._work.once(STORAGE_LIMITATION, SYSTEM))
