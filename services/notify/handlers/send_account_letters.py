"""Letters about accounts are sent while their link counts, and forgotten with their address."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chassis.work import Work
from services.notify.account_letters import AccountComposer
from services.notify.domain.messages import Outcome
from services.notify.mail import Wired
from services.notify.store import account_letters
from services.notify.store.account_letters import AccountLetter


class SendAccountLetters:
    """What the postman of accounts carries."""

    purpose = noted_for = "account"
    at_once = 8

    def __init__(self, compose: AccountComposer, lease: timedelta) -> None:
        self._compose = compose
        self._lease = lease

    async def claim(self, tx: Work) -> Sequence[AccountLetter]:
        """Letters that are due."""
        return await account_letters.claim(tx, self._lease, self.at_once)

    async def write(self, letter: AccountLetter, now: datetime) -> Wired | Outcome:
        """The mail."""
        return await self._compose(letter, now)

    async def note_sent(self, tx: Work, sent: Sequence[AccountLetter]) -> Collection[UUID]:
        """The address goes; that something was sent stays."""
        ended = [one for one in sent if await account_letters.end(tx, one.id)]
        for one in ended:
            await account_letters.note_sent(tx, one)
        return {one.id for one in ended}

    async def put_off(self, tx: Work, letter: AccountLetter, until: datetime) -> None:
        """Due again then."""
        await account_letters.retry(tx, letter.id, until)

    async def give_up(self, tx: Work, letter: AccountLetter) -> None:
        """Forgotten unsent."""
        await account_letters.end(tx, letter.id)
