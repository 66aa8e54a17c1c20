"""Restricts a person or lets go, and tells every gate (Art. 18): guests that an account keeps go with it."""

from __future__ import annotations

from uuid import UUID

from chassis.claims import guests_of
from chassis.work import Work
from contracts.retention.events import RestrictionSetV1
from services.retention.store import restrictions


async def restrict(tx: Work, subject: UUID) -> bool:
    """Restrict a person and tell; False where that stood already."""
    return await _set(tx, subject, restricted=True)


async def lift(tx: Work, subject: UUID) -> bool:
    """Let go and tell every gate; False where nothing was restricted."""
    return await _set(tx, subject, restricted=False)


async def _set(tx: Work, subject: UUID, *, restricted: bool) -> bool:
    changed = await _set_one(tx, subject, restricted=restricted)
    for guest in await guests_of(tx, subject) if changed else ():
        await _set_one(tx, guest, restricted=restricted)
    return changed


async def _set_one(tx: Work, subject: UUID, *, restricted: bool) -> bool:
    version = await restrictions.set_to(tx, subject, restricted, tx.now)
    if version is None:
        return False
    await tx.announce(RestrictionSetV1(subject=subject, restricted=restricted, version=version))
    return True
