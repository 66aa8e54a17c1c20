"""A correction is told to whoever holds what changed (X-02)."""

from chassis.work import Work
from contracts.accounts.events import ContactSetV1, PersonCorrectedV1
from services.accounts.domain.people import Corrected


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
