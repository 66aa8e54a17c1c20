"""Receipts of one's own choices, to keep and to show (F-67, TS 27560)."""

import json
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from services.accounts.receipts import ReceiptIssuer, receipt
from services.accounts.store import choices

LINKED_DATA = "application/ld+json"


class ShowReceipts:
    """GET /people/me/receipts and /people/me/receipts/{record}."""

    def __init__(self, work: Workplace, issuer: ReceiptIssuer, kept: str) -> None:
        """`kept` is how long the proof of a choice is kept, as an ISO 8601 duration."""
        self._work = work
        self._issuer = issuer
        self._kept = kept

    async def __call__(self, call: Call) -> Answer | Refused:
        """Linked data; or record-unknown, also where it is another person's."""
        named = call.path.get("record")
        sql = self._work.once("keeping_choices", call.actor)
        found = await choices.records(sql, call.actor.id, UUID(named) if named else None)
        if named and not found:
            return Refused("record-unknown")
        told = receipt(found, self._issuer, self._kept)
        return Answer(json.dumps(told, ensure_ascii=False, indent=2).encode(), content_type=LINKED_DATA)
