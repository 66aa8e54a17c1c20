"""Keeps the replica of addresses: from checkout, from accounts, from corrections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chassis.heard import Heard
from chassis.work import Work
from contracts.accounts.events import ContactSetV1, PersonCorrectedV1
from contracts.orders.events import BuyerNamedV1
from services.notify.domain.contact import ContactNews
from services.notify.store import contacts
from services.notify.store.messages import POSTMAN

RIGHTS = "rights"
OPERATION = "operation"


class LearnContacts:
    """Takes over contacts; a lower version changes nothing.

    Both purposes outlast a restriction: an address is kept as it is, and nobody is written to (Art. 18(2)).
    """

    def __init__(self, read: Callable[[Any], ContactNews]) -> None:
        self._read = read

    async def __call__(self, tx: Work, letters: Sequence[Heard[Any]]) -> None:
        """Hear of contacts or corrections."""
        await contacts.learn(tx, [self._read(heard.event) for heard in letters])
        tx.ring(POSTMAN)


def of_set(event: BuyerNamedV1 | ContactSetV1) -> ContactNews:
    """A whole contact."""
    return ContactNews(event.subject, event.version, event.name, str(event.email), event.locale)


def of_correction(event: PersonCorrectedV1) -> ContactNews:
    """The corrected fields; the others stay as they are (Art. 16)."""
    email = str(event.email) if event.email is not None else None
    return ContactNews(event.subject, event.version, event.name, email)
