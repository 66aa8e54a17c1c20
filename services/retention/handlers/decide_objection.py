"""A person weighs an objection against compelling grounds, and both are told (Art. 21(1), W-45)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.retention.api import Case, Decision
from contracts.retention.events import ObjectionDecidedV1
from services.retention.domain.cases import decidable
from services.retention.handlers.show_cases import shown
from services.retention.store import cases


class DecideObjection:
    """POST /cases/{case}/decision."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Case | Refused:
        """The closed case; or case-unknown, nothing-to-decide, grounds-missing, grounds-too-many."""
        asked: Decision = call.body
        async with self._work("rights", call.actor, call.reason) as tx:
            row = await cases.lock(tx, UUID(call.path["case"]))
            tx.saw([row.subject] if row else [])
            if row is None:
                return Refused("case-unknown")
            allowed = decidable(row.kind, row.closed_at is None, asked.stands, asked.grounds)
            if isinstance(allowed, Refused):
                return allowed
            assert row.purpose is not None, "an objection is to a purpose"
            await cases.decide(tx, row.id, tx.now, asked.grounds)
            await tx.announce(
                ObjectionDecidedV1(
                    subject=row.subject,
                    case=row.id,
                    purpose=row.purpose,
                    organisation=row.organisation,
                    stands=asked.stands,
                    grounds=asked.grounds,
                )
            )
            decided = await cases.read(tx, row.id)
            assert decided is not None, "the case is locked by this transaction"
            return (await shown(tx, [decided]))[0]
