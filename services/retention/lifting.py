"""Lets go of a restriction and tells every gate (Art. 18)."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Work
from contracts.retention.events import RestrictionSetV1
from services.retention.store import restrictions


async def lift(tx: Work, subject: UUID) -> bool:
    """Let go and tell every gate; False where nothing was restricted."""
    version = await restrictions.set_to(tx, subject, False, tx.now)
    if version is None:
        return False
    await tx.announce(RestrictionSetV1(subject=subject, restricted=False, version=version))
    return True
