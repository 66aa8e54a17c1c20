"""Links that save tickets to Google Wallet, for a buyer who asks for them (F-19, F-72)."""

from __future__ import annotations

from uuid import UUID

from chassis.clock import Clock
from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.notify.api import WalletLink, WalletLinks
from services.notify.google_wallet import GoogleWallet, WalletTicket
from services.notify.seeing import may_see
from services.notify.store import happenings, papers

PURPOSE = "order_guidance"


class ShowWalletLinks:
    """GET /orders/{order}/google-wallet."""

    def __init__(self, work: Workplace, clock: Clock, wallet: GoogleWallet | None) -> None:
        """Without a wallet this house declared Google as no recipient."""
        self._work = work
        self._clock = clock
        self._wallet = wallet

    async def __call__(self, call: Call) -> WalletLinks | Refused:
        """A link for each ticket; wallet-not-here, tickets-not-here for somebody else's too."""
        wallet = self._wallet
        if wallet is None:
            return Refused("wallet-not-here")
        async with self._work(PURPOSE, call.actor) as tx:
            order = await papers.find(tx, UUID(call.path["order"]))
            happening = await happenings.find(tx, order.event) if order else None
            seen = order is not None and await may_see(tx, call.actor, order)
        if order is None or happening is None or not seen:
            return Refused("tickets-not-here")
        now = self._clock.now()
        return WalletLinks(
            links=tuple(
                WalletLink(
                    ticket=one.ticket,
                    seat=one.seat,
                    url=wallet.link(
                        WalletTicket(order.event, happening, one, order.number), call.language, now
                    ),
                )
                for one in order.tickets
            )
        )
