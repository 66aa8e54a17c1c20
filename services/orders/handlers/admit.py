"""The door: a ticket goes in once, and who comes second hears when the first one went in."""

from __future__ import annotations

from uuid import UUID

from chassis.context import trail
from chassis.decision import Refused
from chassis.routes import Call
from chassis.together import Looker
from chassis.work import Workplace
from chassis.writers import Writers
from contracts.orders.api import Admission, DoorCount, Scan
from services.orders.domain.door import after_trying, before_looking
from services.orders.domain.ticket_code import Verify, read_code
from services.orders.handlers.catalogue import Catalogue
from services.orders.handlers.inside import Inside
from services.orders.handlers.let_in import LetIn, Queue, Scanned, Tried
from services.orders.store import season, tickets


class Admit:
    """POST /door/admissions and GET /door/events/{event}."""

    def __init__(self, work: Workplace, verify: Verify, catalogue: Catalogue, inside: Inside) -> None:
        self._work = work
        self._verify = verify
        self._catalogue = catalogue
        self._inside = inside
        self._writers: Writers[Queue, Scanned, Tried] = Writers(LetIn(work).commit)

    async def __call__(self, call: Call) -> Admission | Refused:
        """The answer to a scan; unknown-event. A refused ticket is an answer, not a refusal."""
        scan: Scan = call.body
        event = await self._catalogue.get(scan.event)
        if event is None:
            return Refused("unknown-event")
        read = read_code(scan.code, self._verify)
        early = before_looking(read, scan.event)
        if early is not None or read is None:
            return Admission(
                admitted=False, reason=early or "forged", inside=await self._inside.of(scan.event)
            )
        scanned = Scanned(read.ticket, Looker(call.actor, call.reason), trail(), event.time_zone)
        tried = await self._writers.submit(Queue.of(read.event, read.ticket), scanned)
        if tried.admitted:
            self._inside.one_more(read.event)
        row = tried.ticket
        return Admission(
            admitted=tried.admitted,
            reason=after_trying(tried.admitted, row.state if row else None, row.barred if row else False),
            seat=row.seat if row else None,
            price=row.price if row else None,
            first_admitted_at=row.admitted_at if row else None,
            inside=await self._inside.of(read.event),
        )

    async def count(self, call: Call) -> DoorCount | Refused:
        """How many tickets exist and how many went in; unknown-event."""
        event = UUID(call.path["event"])
        async with self._work("door_admission", call.actor) as tx:
            tx.saw_nobody()
            found = await season.summaries(tx, [event], tx.now)
            if event not in found:
                return Refused("unknown-event")
            return DoorCount(
                event=found[event],
                tickets=await tickets.issued(tx, event),
                inside=await tickets.inside(tx, event),
            )
