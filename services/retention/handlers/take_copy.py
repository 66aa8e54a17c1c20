"""A copy is complete when every service has its part ready (Art. 15(3), W-40)."""

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.answers import CopyReady
from services.retention.domain.erasure import State, missing
from services.retention.store import cases


class TakeCopyPart:
    """<service>.copy.ready."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[CopyReady]) -> None:
        """Keep that the part is ready; the last one closes the case."""
        said = heard.event
        service = heard.topic.split(".")[0]
        async with self._work("rights", SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            row = await cases.lock(tx, said.request)
            if row is None or row.kind != "copy" or row.closed_at is not None:
                return
            receipt = cases.ReceiptRow(row.id, service, tx.now, said.counts, {})
            await cases.add_receipt(tx, receipt, row.subject)
            if not missing(one.service for one in await cases.receipts(tx, [row.id])):
                await cases.move(tx, row.id, State.CLOSED, tx.now, None, row.orders)
