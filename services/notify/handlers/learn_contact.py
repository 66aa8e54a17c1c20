"""Keeps the replica of addresses: from checkout, from accounts, from corrections."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.accounts.events import ContactSetV1, PersonCorrectedV1
from contracts.actors import SYSTEM
from contracts.orders.events import BuyerNamedV1
from services.notify.domain.contact import ContactNews
from services.notify.store import contacts
from services.notify.store.messages import POSTMAN

RIGHTS = "rights"
OPERATION = "operation"


class LearnContact:
    """Takes over a contact for one purpose; a lower version changes nothing.

    Both purposes outlast a restriction: an address is kept as it is, and nobody is written to (Art. 18(2)).
    """

    def __init__(self, work: Workplace, purpose: str, read: Callable[[Any], ContactNews]) -> None:
        self._work = work
        self._purpose = purpose
        self._read = read

    async def __call__(self, heard: Heard[Any]) -> None:
        """Hear of a contact or a correction."""
        async with self._work(self._purpose, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await contacts.learn(tx, self._read(heard.event))
                tx.ring(POSTMAN)


def of_set(event: BuyerNamedV1 | ContactSetV1) -> ContactNews:
    """A whole contact."""
    return ContactNews(event.subject, event.version, event.name, str(event.email), event.locale)


def of_correction(event: PersonCorrectedV1) -> ContactNews:
    """The corrected fields; the others stay as they are (Art. 16)."""
    email = str(event.email) if event.email is not None else None
    return ContactNews(event.subject, event.version, event.name, email)
