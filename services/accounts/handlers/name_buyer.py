"""A buyer said who they are (G-15): accounts becomes the owner of that contact, guests included."""

from collections.abc import Sequence

from chassis.heard import Heard
from chassis.work import Work
from contracts.orders.events import BuyerNamedV1
from services.accounts.domain.people import Contact
from services.accounts.store import people


async def name_buyers(tx: Work, letters: Sequence[Heard[BuyerNamedV1]]) -> None:
    """Keep the people; what a known person corrected since is not overwritten."""
    said = [heard.event for heard in letters]
    contacts = [Contact(one.subject, one.name, one.email, one.phone, one.locale, one.version) for one in said]
    await people.add_or_renew(tx, contacts, tx.now)
