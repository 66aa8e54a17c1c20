"""Where a process dies when it is told to: the instants at which something is done and not yet known."""

from __future__ import annotations

import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from chassis.intake import Intake
from chassis.relay import Relay

POINTS = {
    "before_publish": "after commit, before publish",
    "before_acknowledge": "after commit, before the message is acknowledged",
    "mollie_answered": "after Mollie answered, before commit",
    "mail_accepted": "after SMTP accepted, before that is noted",
}


def arm(folder: Path, service: str, point: str) -> None:
    """The service of the house in `folder` dies when it reaches the point next, once."""
    (folder / "chaos").mkdir(mode=0o700, exist_ok=True)
    (folder / "chaos" / service).write_text(point)


def is_armed(folder: Path, service: str) -> bool:
    """Whether the service has not reached its point yet."""
    return (folder / "chaos" / service).exists()


def disarm(folder: Path, service: str) -> None:
    """Whatever it was told, the service lives on."""
    (folder / "chaos" / service).unlink(missing_ok=True)


class Death:
    """Ends this process at a point, if it was told to: at once, without a farewell."""

    def __init__(self, order: Path) -> None:
        self._order = order

    def at(self, point: str) -> None:
        """Reached a point."""
        try:
            told = self._order.read_text()
        except FileNotFoundError:
            return
        if told == point:
            self._order.unlink()
            os.kill(os.getpid(), signal.SIGKILL)


def put_in_the_way(service: str, death: Death) -> None:
    """Wrap what the service and the chassis do at the points; nothing else of them is changed."""
    _before(Relay, "_published", death, "before_publish", only_if=lambda arguments: bool(arguments[0]))
    _after(Intake, "take", death, "before_acknowledge")
    if service == "orders":
        from services.orders.providers.mollie import Mollie

        _after(Mollie, "create", death, "mollie_answered")
    if service == "notify":
        from services.notify.post import SmtpPost

        _after(SmtpPost, "hand_over", death, "mail_accepted")


def _before(
    owner: type, name: str, death: Death, point: str, only_if: Callable[[tuple[Any, ...]], bool]
) -> None:
    original: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def wrapped(self: Any, *arguments: Any) -> Any:
        if only_if(arguments):
            death.at(point)
        return await original(self, *arguments)

    setattr(owner, name, wrapped)


def _after(owner: type, name: str, death: Death, point: str) -> None:
    original: Callable[..., Awaitable[Any]] = getattr(owner, name)

    async def wrapped(self: Any, *arguments: Any) -> Any:
        done = await original(self, *arguments)
        death.at(point)
        return done

    setattr(owner, name, wrapped)
