"""What accounts holds of a person, for that person (Art. 15, G-60)."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Person
from services.accounts.domain.people import Contact
from services.accounts.store import people


def shown(contact: Contact) -> Person:
    """A contact as it goes over HTTP."""
    return Person(
        subject=contact.subject,
        name=contact.name,
        email=contact.email,
        phone=contact.phone,
        locale=contact.locale,
        version=contact.version,
    )


class ShowPerson:
    """GET /people/me."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Person | Refused:
        """The person; or person-unknown."""
        contact = await people.read(self._work.once("rights", call.actor), call.actor.id)
        return shown(contact) if contact else Refused("person-unknown")
