"""A person corrects what is wrong (Art. 16): orders and whoever received it hear what changed (X-02)."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Correction, Person
from services.accounts.domain.people import Wish, correct
from services.accounts.handlers.show_person import shown
from services.accounts.store import people, sessions
from services.accounts.telling import tell, tell_of_guests


class CorrectPerson:
    """PATCH /people/me."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Person | Refused:
        """The person as it stands now, changed or not; or person-unknown, email-needs-both."""
        asked: Correction = call.body
        wish = Wish(asked.name, asked.email, asked.phone, asked.remove_phone)
        async with self._work("rights", call.actor) as tx:
            before = await people.lock(tx, call.actor.id)
            if before is None:
                return Refused("person-unknown")
            corrected = correct(before, wish)
            if corrected is None:
                return shown(before)
            if corrected.email and await sessions.key_of(tx, before.subject) == before.email_key:
                # The address opens the account: a stolen visit may not move it away.
                return Refused("email-needs-both")
            await people.renew(tx, corrected.contact, tx.now)
            await tell(tx, corrected)
            await tell_of_guests(tx, call.actor.id, corrected)
            return shown(corrected.contact)
