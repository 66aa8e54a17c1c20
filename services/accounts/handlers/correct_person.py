"""A person corrects what is wrong (Art. 16): orders and whoever received it hear what changed (X-02)."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.api import Correction, Person
from contracts.accounts.events import ContactSetV1, PersonCorrectedV1
from services.accounts.domain.people import Corrected, Wish, correct
from services.accounts.handlers.show_person import shown
from services.accounts.store import people


class CorrectPerson:
    """PATCH /people/me."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Person | Refused:
        """The person as it stands now; or person-unknown. Asking for what is there changes nothing."""
        asked: Correction = call.body
        wish = Wish(asked.name, asked.email, asked.phone, asked.remove_phone)
        async with self._work("rights", call.actor) as tx:
            before = await people.lock(tx, call.actor.id)
            if before is None:
                return Refused("person-unknown")
            corrected = correct(before, wish)
            if corrected is None:
                return shown(before)
            await people.renew(tx, corrected.contact, tx.now)
            await _tell(tx, corrected)
            return shown(corrected.contact)


async def _tell(tx: Work, corrected: Corrected) -> None:
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
