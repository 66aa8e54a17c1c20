"""Before a person is erased here: a recall for each recipient that may hold their data (Art. 19, X-02)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from chassis.work import Work
from services.sharing.store import deliveries, ledger
from services.sharing.store.ledger import Recall


class OrderRecalls:
    """The hook of the chassis' erasure: runs in its transaction, while the data is still there."""

    def __init__(self, term: timedelta, lease: timedelta) -> None:
        """`term` is what a recipient gets to acknowledge, `lease` how long a message can be under way."""
        self._term = term
        self._lease = lease

    async def __call__(self, work: Work, subject: UUID, case: UUID) -> Mapping[str, Any]:
        """Plan the recalls, and name the recipients for the receipt."""
        await deliveries.hold_still(work, subject)
        recalls: dict[UUID, UUID] = {}
        for holding in await deliveries.held_of(work, subject):
            if holding.organisation not in recalls:
                recalls[holding.organisation] = await self._order(work, case, subject, holding.organisation)
            # A message that is on its way at this moment must arrive before its recall does.
            not_before = work.now + (self._lease if holding.under_way else timedelta(0))
            recall = recalls[holding.organisation]
            await deliveries.add_recall(work, uuid4(), holding, recall, not_before)
        return {"recipients": tuple(recalls)}

    async def _order(self, work: Work, case: UUID, subject: UUID, organisation: UUID) -> UUID:
        due = Recall(case, subject, organisation, work.now + self._term)
        return await ledger.order_recall(work, uuid4(), due)
