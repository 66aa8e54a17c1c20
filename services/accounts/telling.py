"""A correction is told to whoever holds what changed (X-02)."""

from uuid import UUID

from chassis.claims import guests_of
from chassis.work import Work
from contracts.accounts.events import ContactSetV1, PersonCorrectedV1
from services.accounts.domain.people import Corrected, Wish, correct
from services.accounts.store import people


async def tell_of_guests(tx: Work, account: UUID, corrected: Corrected) -> None:
    """What an account corrects is wrong of the guests that it keeps too, and goes the same way (W-41)."""
    wish = Wish(corrected.name, corrected.email, corrected.phone, corrected.phone_removed)
    for guest in await guests_of(tx, account):
        before = await people.lock(tx, guest)
        changed = correct(before, wish) if before else None
        if changed is not None:
            await people.renew(tx, changed.contact, tx.now)
            await tell(tx, changed)


async def tell(tx: Work, corrected: Corrected) -> None:
    """Whoever holds it hears what changed; notify the whole address, where name or address did."""
    contact = corrected.contact
    await tx.announce(
        PersonCorrectedV1(
            subject=contact.subject,
            version=contact.version,
            name=corrected.name,
            email=corrected.email,
            phone=corrected.phone,
            phone_removed=corrected.phone_removed,
        )
    )
    if corrected.reaches_mail:
        await tx.announce(
            ContactSetV1(
                subject=contact.subject,
                version=contact.version,
                name=contact.name,
                email=contact.email,
                locale=contact.locale,
            )
        )
