"""A buyer said who they are (G-15): accounts becomes the owner of that contact, guests included."""

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.orders.events import BuyerNamedV1
from services.accounts.domain.people import Contact
from services.accounts.store import people


class NameBuyer:
    """orders.buyer.named."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[BuyerNamedV1]) -> None:
        """Keep the person; what a known person corrected since is not overwritten."""
        said = heard.event
        contact = Contact(said.subject, said.name, said.email, said.phone, said.locale, said.version)
        async with self._work("problem_care", SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await people.add_or_renew(tx, contact, tx.now)
