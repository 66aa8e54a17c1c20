"""Whoever wishes to see an event and asked for it is told of its sale, another date, few places (G-03)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from chassis.work import Work
from services.notify.domain.messages import Outcome
from services.notify.domain.reminders import fate_of
from services.notify.mail import Wired
from services.notify.reminder_letters import ReminderComposer
from services.notify.store import reminders
from services.notify.store.reminders import Reminder


class SendReminders:
    """What the postman of wishes carries: who takes the consent back is hidden from him at once."""

    purpose, noted_for = "wish_reminders", "operation"
    at_once = 8

    def __init__(self, compose: ReminderComposer, lease: timedelta) -> None:
        self._compose = compose
        self._lease = lease

    async def claim(self, tx: Work) -> Sequence[Reminder]:
        """Letters that are due and still true; the others are forgotten, and nobody hears of them."""
        while claimed := await reminders.claim(tx, self._lease, self.at_once):
            fates = {one.id: fate_of(one.known, tx.now) for one in claimed}
            await reminders.end(tx, [id for id, fate in fates.items() if fate == "drop"])
            if kept := [one for one in claimed if fates[one.id] != "drop"]:
                return kept
        return ()

    async def write(self, letter: Reminder, now: datetime) -> Wired | Outcome:
        """The mail; not now while the address, or what it tells of, is not known."""
        if letter.person is None or letter.show is None or fate_of(letter.known, now) != "tell":
            return Outcome.NOT_NOW
        return await self._compose(letter, letter.show, letter.person, now)

    async def note_sent(self, tx: Work, sent: Sequence[Reminder]) -> Collection[UUID]:
        """Noted whatever was chosen meanwhile, so that nothing is told twice."""
        ended = await reminders.end(tx, [one.id for one in sent])
        if ended:
            await reminders.note_sent(tx, [one for one in sent if one.id in ended])
        return ended

    async def put_off(self, tx: Work, letter: Reminder, until: datetime) -> None:
        """Due again then."""
        await reminders.retry(tx, letter.id, until)

    async def give_up(self, tx: Work, letter: Reminder) -> None:
        """Forgotten unsent."""
        await reminders.end(tx, [letter.id])
