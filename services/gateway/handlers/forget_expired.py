"""Nothing at the gateway outlives its hours (W-20)."""

from contracts.actors import SYSTEM
from services.gateway.handlers.desk import Desk
from services.gateway.store import drafts, guest_orders, sessions, waiting, wish_drafts


async def forget_expired(desk: Desk) -> int:
    """Delete sessions, drafts, wishes, guest orders and places in line whose time is over; how many went."""
    wishes = desk.work.once("wish_list", SYSTEM)
    gone = await wish_drafts.remove_expired(wishes, desk.clock.now())
    async with desk.work("order_guidance", SYSTEM) as tx:
        ended = gone + await sessions.remove_expired(tx, tx.now)
        ended += await waiting.remove_expired(tx, tx.now)
        return ended + await drafts.remove_expired(tx, tx.now) + await guest_orders.remove_expired(tx, tx.now)
