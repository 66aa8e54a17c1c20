"""When someone was last active (G-41): only the newest day of each kind is kept."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.heard import Heard
from chassis.work import Work
from contracts.accounts.events import ActivitySeenV1
from contracts.envelope import Event
from contracts.orders.events import AttendeeAdmittedV1, OrderPaidV1, OrderPlacedV1
from services.retention.store import activity

KINDS: dict[type[Event], str] = {
    # Whoever placed an order is known from that day on, paid or not, and must be forgotten one day too.
    OrderPlacedV1: "known",
    OrderPaidV1: "purchase",
    ActivitySeenV1: "log_in",
    AttendeeAdmittedV1: "admission",
}
Active = OrderPlacedV1 | OrderPaidV1 | ActivitySeenV1 | AttendeeAdmittedV1


async def note_activity(tx: Work, letters: Sequence[Heard[Active]]) -> None:
    """Keep the day of each if it is newer than what is known; the letters are of one kind."""
    days: dict[UUID, date] = {}
    for heard in letters:
        known = days.get(heard.event.subject, date.min)
        days[heard.event.subject] = max(known, _day(heard))
    await activity.seen(tx, KINDS[type(letters[0].event)], days)


def _day(heard: Heard[Active]) -> date:
    said = heard.event
    return heard.at.date() if isinstance(said, OrderPlacedV1) else said.day
