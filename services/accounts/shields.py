"""A shield covers every id of a person (F-70): the account's, and those of guests that it keeps."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from chassis.claims import guests_of
from chassis.work import Work
from contracts.accounts.events import ProtectionSetV1
from services.accounts.domain.shielding import Shield, Standing, ended, shielded
from services.accounts.store import protections


async def cover(tx: Work, subject: UUID, reason: str, now: datetime) -> Shield:
    """Shield an id and the guests that it keeps; tells what is new."""
    for guest in await guests_of(tx, subject):
        await _cover_one(tx, guest, reason, now)
    return await _cover_one(tx, subject, reason, now)


async def uncover(tx: Work, subject: UUID) -> bool:
    """End the shield of an id and of its guests; False where the id had none."""
    for guest in await guests_of(tx, subject):
        await _uncover_one(tx, guest)
    return await _uncover_one(tx, subject)


async def join_shields(tx: Work, account: UUID, guest: UUID) -> None:
    """Whoever was shielded under one id is so under both; again changes nothing."""
    for one, other in ((account, guest), (guest, account)):
        shield = (await protections.standing(tx, one)).shield
        if shield is not None and (await protections.standing(tx, other)).shield is None:
            await _cover_one(tx, other, shield.reason, tx.now)


async def _cover_one(tx: Work, subject: UUID, reason: str, now: datetime) -> Shield:
    before = await protections.standing(tx, subject)
    after = shielded(before, uuid4(), reason, now)
    assert after.shield is not None, "it was just made"
    await protections.save(tx, subject, after)
    if after.version > before.version:
        await _tell(tx, subject, after.shield, after)
    return after.shield


async def _uncover_one(tx: Work, subject: UUID) -> bool:
    before = await protections.standing(tx, subject)
    after = getattr(ended(before), "value", None)
    if before.shield is None or after is None:
        return False
    await protections.save(tx, subject, after)
    await _tell(tx, subject, before.shield, after)
    return True


async def _tell(tx: Work, subject: UUID, shield: Shield, now: Standing) -> None:
    told = ProtectionSetV1(
        subject=subject, protection=shield.id, protected=now.shield is not None, version=now.version
    )
    await tx.announce(told)
