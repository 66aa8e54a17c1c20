"""Tickets as files for Apple Wallet, for their buyer (F-19)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from services.notify.apple_wallet import BUNDLE_TYPE, PassOrder, PassSigner, make_passes
from services.notify.seeing import may_see
from services.notify.store import happenings, papers
from services.notify.workroom import Workroom

PURPOSE = "order_guidance"


class ShowPasses:
    """GET /orders/{order}/tickets.pkpass."""

    def __init__(
        self, work: Workplace, house: Mapping[str, Any], workroom: Workroom, signer: PassSigner | None
    ) -> None:
        """Without a signer this house offers no such files."""
        self._work = work
        self._house = house
        self._workroom = workroom
        self._signer = signer

    async def __call__(self, call: Call) -> Answer | Refused:
        """A pass, or a bundle of several; wallet-not-here, tickets-not-here for somebody else's too."""
        signer = self._signer
        if signer is None:
            return Refused("wallet-not-here")
        async with self._work(PURPOSE, call.actor) as tx:
            order = await papers.find(tx, UUID(call.path["order"]))
            happening = await happenings.find(tx, order.event) if order else None
            seen = order is not None and await may_see(tx, call.actor, order)
        if order is None or happening is None or not seen:
            return Refused("tickets-not-here")
        common = PassOrder(self._house, order.number, order.event, happening)
        content, kind = await self._workroom.make(lambda: make_passes(common, order.tickets, signer))
        ending = "pkpasses" if kind == BUNDLE_TYPE else "pkpass"
        headers = {
            "Content-Disposition": f'attachment; filename="tickets-{order.number}.{ending}"',
            "Cache-Control": "no-store",
        }
        return Answer(content, content_type=kind, headers=headers)
