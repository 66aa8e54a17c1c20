"""What a service's composition root hands over: everything wired, nothing started."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.heard import Subscription
from chassis.pools import Database
from chassis.problems import Problems
from chassis.routes import Route
from chassis.settings import Settings
from chassis.timers import Timer
from chassis.tls import trusting
from chassis.work import Limits, Workplace, pools_of

Hook = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class Service:
    """One service, composed.

    `on_start` runs before the door opens and must not need the database, which may still be away;
    `on_stop` runs after the last request and message. `pages` is the gateway's.
    """

    name: str
    charter: Charter
    workplace: Workplace
    routes: Sequence[Route]
    problems: Problems
    subscriptions: Sequence[Subscription] = ()
    timers: Sequence[Timer] = ()
    pages: Callable[[web.Application], None] | None = None
    on_start: Sequence[Hook] = ()
    on_stop: Sequence[Hook] = ()


def workplace_of(settings: Settings, charter: Charter, clock: Clock) -> Workplace:
    """A service's workplace: one pool per purpose of its charter, passwords from its secrets folder."""
    database = Database(
        settings.database_host,
        settings.database_port,
        settings.database_name,
        lambda role: settings.secret(f"database/{role}"),
        trusting(settings.database_ca),
    )
    limits = Limits(settings.looks_per_answer, settings.looks_per_hour)
    return Workplace(pools_of(database, charter), charter, clock, limits)
