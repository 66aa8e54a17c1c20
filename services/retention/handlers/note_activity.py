"""When someone was last active (G-41): only the newest day of each kind is kept."""

from datetime import date

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.accounts.events import ActivitySeenV1
from contracts.actors import SYSTEM
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


class NoteActivity:
    """orders.order.placed, orders.order.paid, orders.attendee.admitted, accounts.activity.seen."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[Active]) -> None:
        """Keep the day if it is newer than what is known."""
        said = heard.event
        async with self._work("storage_limitation", SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await activity.seen(tx, said.subject, KINDS[type(said)], _day(heard))


def _day(heard: Heard[Active]) -> date:
    said = heard.event
    return heard.at.date() if isinstance(said, OrderPlacedV1) else said.day
