"""The toy service as a process: what `serve` runs in the test of signals."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.heard import Heard, Subscription
from chassis.problems import Problems
from chassis.routes import Call, Route
from chassis.serve import Service, serve, workplace_of
from chassis.settings import Settings
from chassis.work import Workplace
from contracts.accounts.events import PersonCorrectedV1
from contracts.actors import SYSTEM, Role
from contracts.envelope import Model

CHARTER = Path(__file__).parents[1] / "toy" / "services" / "orders" / "charter.toml"


class Pong(Model):
    """The answer of the one route."""

    role: str


class Deaf(Exception):
    """What the toy's handler raises when a test asks for it."""


class Ear:
    """Counts what it hears for the first time; `deaf` makes it fail."""

    def __init__(self, work: Workplace) -> None:
        self._work = work
        self.heard: list[Heard[Any]] = []
        self.deaf = False

    async def corrected(self, heard: Heard[Any]) -> None:
        async with self._work("rights", SYSTEM) as tx:
            if self.deaf:
                raise Deaf(f"{heard.event.name} cannot be heard")
            if await tx.first_sight_of(heard):
                self.heard.append(heard)


async def pong(call: Call) -> Pong:
    return Pong(role=call.actor.role)


def compose(settings: Settings, clock: Clock) -> Service:
    """The toy: one route, one subscription."""
    charter = Charter.read(CHARTER)
    work = workplace_of(settings, charter, clock)
    ear = Ear(work)
    return Service(
        name="orders",
        charter=charter,
        workplace=work,
        routes=[
            Route("GET", "/ping", "problem_care", frozenset({Role.BOX_OFFICE}), pong, answer=Pong),
        ],
        problems=Problems.load(),
        subscriptions=[Subscription(PersonCorrectedV1, "rights", ear.corrected)],
    )


if __name__ == "__main__":
    serve(compose)
