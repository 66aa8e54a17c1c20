"""The door for the clock."""

from __future__ import annotations

from datetime import timedelta

from chassis.housekeeping import EVERY, JOB, expire_technical
from chassis.timers import Timer
from chassis.work import Workplace
from services.orders.handlers.announce_attendees import AnnounceAttendees
from services.orders.handlers.end_holds import EndHolds
from services.orders.handlers.forget_after_event import HOLDERS, LIMITS, ForgetAfterEvent
from services.orders.handlers.give_back import GiveBack
from services.orders.handlers.publish_events import PublishEvents
from services.orders.handlers.take_payment import Cashier
from services.orders.handlers.tell_availability import JOB as TELL_AVAILABILITY
from services.orders.handlers.tell_availability import TellAvailability
from services.orders.settings import OrdersSettings

PAYMENTS_AT_ONCE = 50


def timers(
    settings: OrdersSettings,
    work: Workplace,
    holds: EndHolds,
    cashier: Cashier,
    refunds: GiveBack,
    attendees: AnnounceAttendees,
    limits: ForgetAfterEvent,
    holders: ForgetAfterEvent,
) -> tuple[Timer, ...]:
    """What orders does by itself. Names of jobs are those of the charter's terms."""

    async def expire() -> None:
        await expire_technical(work)

    async def reconcile() -> None:
        await cashier.reconcile(PAYMENTS_AT_ONCE)

    def each(seconds: float) -> timedelta:
        return timedelta(seconds=seconds)

    return (
        Timer(JOB, EVERY, expire),
        Timer("expire_holds", each(settings.expire_seconds), holds.expire),
        Timer("purge_holds", timedelta(hours=1), holds.purge),
        Timer("reconcile_payments", each(settings.reconcile_seconds), reconcile),
        Timer("find_chargebacks", each(settings.chargeback_seconds), cashier.find_chargebacks),
        Timer("refund_late_payments", each(settings.refund_seconds), refunds),
        Timer("announce_attendees", each(settings.announce_seconds), attendees),
        Timer(LIMITS, timedelta(hours=1), limits),
        Timer(HOLDERS, timedelta(hours=1), holders),
        Timer("publish_events", timedelta(seconds=2), PublishEvents(work)),
        Timer(TELL_AVAILABILITY, each(settings.availability_seconds), TellAvailability(work)),
    )
