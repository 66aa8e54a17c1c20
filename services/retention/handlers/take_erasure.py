"""Receipts of an erasure and answers of recipients move its case on, in whatever order they come (X-02)."""

import asyncio
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from chassis.heard import Heard
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.answers import ErasureCarriedOut
from contracts.retention.events import ErasureTellingV1
from contracts.sharing.events import RecallAcknowledgedV1, RecallOverdueV1
from services.retention.domain.erasure import Accounted, Carried, Erasure, State, counts, step
from services.retention.domain.repeating import next_order
from services.retention.handlers.open_case import Pace
from services.retention.store import cases, ledger


class Erasures:
    """Where happenings of erasures are written down and their consequences drawn."""

    def __init__(self, ledger_path: Path, pace: Pace) -> None:
        self._ledger = ledger_path
        self._pace = pace

    async def take(self, tx: Work, row: cases.CaseRow, happening: Carried | Accounted) -> None:
        """Move the case on; its row is locked by this transaction."""
        taken = step(await _standing(tx, row), happening)
        if taken.tell:
            again = next_order(tx.now, 1, self._pace.first, self._pace.last)
            await cases.move(tx, row.id, State.TELLING, None, again, 1)
            await tx.announce(ErasureTellingV1(subject=row.subject, case=row.id, as_of=row.opened_at))
        if taken.close:
            await cases.move(tx, row.id, State.CLOSED, tx.now, None, row.orders)

    async def note(self, tx: Work, row: cases.CaseRow) -> None:
        """Write the id into the ledger of the erased, before anything can close the case (X-01)."""
        if not row.in_ledger:
            await asyncio.to_thread(ledger.append, self._ledger, row.subject, tx.now)
            await cases.in_ledger(tx, row.id)


class TakeErasureReceipt:
    """<service>.erasure.carried_out."""

    def __init__(self, work: Workplace, erasures: Erasures) -> None:
        self._work = work
        self._erasures = erasures

    async def __call__(self, heard: Heard[ErasureCarriedOut]) -> None:
        """Keep the receipt and draw its consequences; a receipt of an unknown case is nobody's."""
        said = heard.event
        service = heard.topic.split(".")[0]
        async with self._work("rights", SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            row = await cases.lock(tx, said.case)
            if row is None or row.kind != "erasure":
                return
            await self._erasures.note(tx, row)
            happening = Carried(service, frozenset(said.recipients))
            if not counts(await _standing(tx, row), service):
                return
            await self._erasures.take(tx, row, happening)
            receipt = cases.ReceiptRow(row.id, service, tx.now, said.counts, said.kept_for_the_books)
            await cases.add_receipt(tx, receipt, row.subject)
            await cases.name_recipients(tx, row.id, row.subject, said.recipients, tx.now)


class TakeRecipientAnswer:
    """sharing.recall.acknowledged and sharing.recall.overdue."""

    def __init__(self, work: Workplace, erasures: Erasures) -> None:
        self._work = work
        self._erasures = erasures

    async def __call__(self, heard: Heard[RecallAcknowledgedV1 | RecallOverdueV1]) -> None:
        """Keep the answer, also one that comes before the receipt that names its recipient."""
        said = heard.event
        state = "acknowledged" if isinstance(said, RecallAcknowledgedV1) else "overdue"
        async with self._work("rights", SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            row = await cases.lock(tx, said.case)
            if row is None or row.kind != "erasure":
                return
            await self._erasures.take(tx, row, Accounted(said.recipient))
            await cases.account_for(tx, row.id, row.subject, said.recipient, state, tx.now)


async def _standing(tx: Work, row: cases.CaseRow) -> Erasure:
    recipients = await cases.recipients(tx, [row.id])
    return Erasure(
        state=State(row.state),
        answered=frozenset(receipt.service for receipt in await cases.receipts(tx, [row.id])),
        named=_ids(recipient for recipient in recipients if recipient.named),
        accounted=_ids(recipient for recipient in recipients if recipient.state != "waiting"),
    )


def _ids(rows: Iterable[cases.RecipientRow]) -> frozenset[UUID]:
    return frozenset(row.recipient for row in rows)
