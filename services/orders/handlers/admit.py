"""The door: a ticket goes in once, and who comes second hears when the first one went in."""

from __future__ import annotations

from uuid import UUID, uuid4

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.orders.api import Admission, DoorCount, Scan
from contracts.orders.events import AttendeeAdmittedV1
from services.orders.domain.door import after_trying, before_looking
from services.orders.domain.season import day_in
from services.orders.domain.ticket_code import Read, Verify, read_code
from services.orders.store import orders, season, tickets
from services.orders.store.tickets import TicketRow


class Admit:
    """POST /door/admissions and GET /door/events/{event}."""

    def __init__(self, work: Workplace, verify: Verify) -> None:
        self._work = work
        self._verify = verify

    async def __call__(self, call: Call) -> Admission | Refused:
        """The answer to a scan; unknown-event. A refused ticket is an answer, not a refusal."""
        scan: Scan = call.body
        read = read_code(scan.code, self._verify)
        early = before_looking(read, scan.event)
        async with self._work("door_admission", call.actor, call.reason) as tx:
            if scan.event not in await season.summaries(tx, [scan.event], tx.now):
                tx.saw_nobody()
                return Refused("unknown-event")
            if early is not None or read is None:
                tx.saw_nobody()
                inside = await tickets.inside(tx, scan.event)
                return Admission(admitted=False, reason=early or "forged", inside=inside)
            return await self._try(tx, read)

    async def _try(self, tx: Work, read: Read) -> Admission:
        admitted = await tickets.admit(tx, read.event, read.ticket, tx.now)
        row = await tickets.find(tx, read.event, read.ticket)
        holder = await self._holder(tx, row, admitted) if row is not None else None
        # Nobody stands behind a ticket of the counter, nor behind one that does not exist.
        if holder is None:
            tx.saw_nobody()
        else:
            tx.saw([holder])
        return Admission(
            admitted=admitted,
            reason=after_trying(admitted, row.state if row else None),
            seat=row.seat if row else None,
            price=row.price if row else None,
            first_admitted_at=row.admitted_at if row else None,
            inside=await tickets.inside(tx, read.event),
        )

    async def _holder(self, tx: Work, row: TicketRow, admitted: bool) -> UUID | None:
        """Whose ticket it is; one that goes in leaves the admission and the day of an activity (G-41)."""
        if not admitted:
            return await orders.owner(tx, row.order)
        await tickets.note_admission(tx, row.event, row.ticket, uuid4(), tx.now)
        subject = await orders.owner_who_stays(tx, row.order)
        if subject is not None:
            day = day_in(await season.time_zone(tx, row.event), tx.now)
            await tx.announce(AttendeeAdmittedV1(subject=subject, event=row.event, day=day))
        return subject

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
