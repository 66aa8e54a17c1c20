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
from services.orders.handlers.catalogue import Catalogue
from services.orders.handlers.inside import Inside
from services.orders.store import orders, season, tickets
from services.orders.store.tickets import TicketRow


class Admit:
    """POST /door/admissions and GET /door/events/{event}."""

    def __init__(self, work: Workplace, verify: Verify, catalogue: Catalogue, inside: Inside) -> None:
        self._work = work
        self._verify = verify
        self._catalogue = catalogue
        self._inside = inside

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
        async with self._work("door_admission", call.actor, call.reason) as tx:
            admitted, row = await self._try(tx, read, event.time_zone)
        if admitted:
            self._inside.one_more(read.event)
        return Admission(
            admitted=admitted,
            reason=after_trying(admitted, row.state if row else None),
            seat=row.seat if row else None,
            price=row.price if row else None,
            first_admitted_at=row.admitted_at if row else None,
            inside=await self._inside.of(read.event),
        )

    async def _try(self, tx: Work, read: Read, time_zone: str) -> tuple[bool, TicketRow | None]:
        admitted, row = await tickets.admit(tx, read.event, read.ticket, uuid4(), tx.now)
        holder = row.holder if row is not None else None
        # Nobody stands behind a ticket of the counter, nor behind one that does not exist.
        if holder is None:
            tx.saw_nobody()
            return admitted, row
        tx.saw([holder])
        if admitted and row is not None and await self._stays(tx, row, holder):
            day = day_in(time_zone, tx.now)
            await tx.announce(AttendeeAdmittedV1(subject=holder, event=read.event, day=day))
        return admitted, row

    async def _stays(self, tx: Work, row: TicketRow, holder: UUID) -> bool:
        """Whether the holder is still known, and will be until this transaction ends (G-41)."""
        await orders.stays(tx, holder)
        return await orders.owner(tx, row.order) == holder

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
