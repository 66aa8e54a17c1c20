"""What the gateway does by the clock: forgetting sessions and drafts whose time is over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from chassis.serve import Timer
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.forget_expired import forget_expired


def timers(desk: Desk) -> Sequence[Timer]:
    """Jobs by the names that the charter's terms mention."""

    async def run() -> None:
        await forget_expired(desk)

    return [Timer("forget_expired", timedelta(minutes=1), run)]
