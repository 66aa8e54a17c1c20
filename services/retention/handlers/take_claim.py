"""A guest became part of an account: its last days count for the account, whose restriction holds for it."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from services.retention.lifting import restrict
from services.retention.store import activity, restrictions


async def take_claim(work: Work, guest: UUID, account: UUID) -> None:
    """Whoever is restricted stays so under each of their ids; who came as a guest was active (G-41)."""
    await activity.carried_over(work, guest, account)
    standing = await restrictions.standing(work, [account])
    if account in standing and standing[account].restricted:
        await restrict(work, guest)
