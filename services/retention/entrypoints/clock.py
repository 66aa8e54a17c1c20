"""The door for the clock."""

from datetime import timedelta

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.housekeeping import EVERY, JOB, expire_technical
from chassis.timers import Timer
from chassis.work import Workplace
from services.retention.handlers.carry_on_sweeps import CarryOnSweeps, ForgetStalled
from services.retention.handlers.end_restrictions import EndRestrictions
from services.retention.handlers.open_case import Pace
from services.retention.handlers.repeat_orders import RepeatOrders
from services.retention.settings import RetentionSettings


def timers(
    work: Workplace, clock: Clock, charter: Charter, pace: Pace, settings: RetentionSettings
) -> tuple[Timer, ...]:
    """What retention does by itself. Names of jobs are those of the charter's terms."""

    async def expire() -> None:
        await expire_technical(work)

    return (
        Timer(JOB, EVERY, expire),
        Timer("end_restrictions", timedelta(seconds=settings.repeat_poll_seconds), EndRestrictions(work)),
        Timer("repeat_orders", timedelta(seconds=settings.repeat_poll_seconds), RepeatOrders(work, pace)),
        Timer(
            "carry_on_sweeps",
            timedelta(seconds=settings.sweep_poll_seconds),
            CarryOnSweeps(work, pace, charter.keep["while_active"].term),
        ),
        Timer(
            "forget_stalled",
            timedelta(hours=1),
            ForgetStalled(work, clock, charter.keep["under_way"].term),
        ),
    )
