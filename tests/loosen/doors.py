"""Routes as the services offer them, each widened in a composition of these tests, and every role knocks."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager, redirect_stdout
from dataclasses import dataclass, replace
from importlib import import_module
from typing import NamedTuple
from uuid import UUID, uuid4

import aiohttp
from pydantic import BaseModel

from chassis.clock import SystemClock
from chassis.faults import PurposeRefused
from chassis.metrics import Metrics
from chassis.routes import Answer, Call, Route
from chassis.serve import settings_for
from chassis.service import Service
from chassis.tokens import Issuer, Proof, Revocations, Verifier, read_keys
from chassis.web import Door, Readiness, application, run
from contracts.actors import PEOPLE, STAFF, Actor, Role
from deploy.local import environment
from deploy.local.instance import Instance
from tests.loosen.laws import FOLDER

NOBODY, ANYBODY = "nobody", "anybody"
"""Whoever brings no token, and whoever brings one: any role that a person has."""
SAMPLES = ("an-evening", "A1", "AA-1111", "1", "nl")
"""What variables of a path may be that are no UUIDs: the first that fits."""
CALLERS = tuple(role for role in Role if role is not Role.SYSTEM_JOB)
"""Roles that tokens are signed for: the house itself never knocks."""
FOR_ONE = frozenset({Role.ORGANISER, Role.ORGANISER_KEY})
"""Roles that act for one organisation."""
KNOCKERS = (NOBODY, *(role.value for role in CALLERS))


class DoorLaw(NamedTuple):
    """Who may come in by one route, for which purposes they act behind it, and whether with a fresh proof, or
    as the owner of their organisation alone."""

    says: str
    roles: frozenset[str]
    purposes: frozenset[str]
    fresh: bool
    owner: bool


@dataclass(frozen=True)
class Offered:
    """One service with its routes, and what signs tokens for it."""

    service: Service
    instance: Instance

    @property
    def name(self) -> str:
        """The service's name."""
        return self.service.name

    def token(self, role: str, *, proved: bool = True, owner: bool = True) -> str:
        """A token as its issuer would sign it: staff's come from accounts, visitors' from the gateway."""
        issuer = "accounts" if Role(role) in STAFF else "gateway"
        key = (self.instance.secrets / issuer / "signing.pem").read_bytes()
        actor = Actor(Role(role), uuid4(), UUID(int=3) if Role(role) in FOR_ONE else None, owner)
        now = SystemClock().now()
        return Issuer(key, issuer).sign(actor, self.name, now, Proof(now) if proved else None)


class Purposes(BaseModel):
    """What a handler could act for."""

    purposes: list[str]


def offered(instance: Instance, service: str) -> Offered:
    """A service as its composition root makes it."""
    app = import_module(f"services.{service}.app")
    told = environment.of_service(instance, service)
    settings = settings_for(app.compose)(
        **{name.removeprefix("AVONDKASSA_").lower(): value for name, value in told.items()}
    )
    return Offered(app.compose(settings, SystemClock()), instance)


def laws_of_doors(service: str) -> dict[str, DoorLaw]:
    """The laws about the routes of a service, by "METHOD /path"."""
    told = tomllib.loads((FOLDER / "doors.toml").read_text(encoding="utf-8"))
    return {
        asked: DoorLaw(
            law["says"],
            _roles(law["who"]),
            _purposes(service, law["purpose"]),
            "fresh" in law,
            "owner" in law,
        )
        for law in told[service]
        for asked in law["doors"]
    }


def _purposes(service: str, text: str) -> frozenset[str]:
    """Purposes by name; the gateway keeps what it knows of a visit for one of its own."""
    named = frozenset(word.strip() for word in text.split(","))
    return named | {"order_guidance"} if service == "gateway" else named


def _roles(text: str) -> frozenset[str]:
    """Roles by name; whoever needs no token may come with any."""
    words = frozenset(word.strip() for word in text.split(","))
    if NOBODY in words:
        return frozenset(KNOCKERS)
    if ANYBODY in words:
        words |= {role.value for role in PEOPLE}
    return words - {ANYBODY}


def asked(route: Route) -> str:
    """A route as the laws name it."""
    return f"{route.method} {route.template}"


def prying(offer: Offered, route: Route) -> Route:
    """The same door with somebody careless behind it, who tries to act for every purpose of the service."""

    def gets(purpose: str, actor: Actor) -> bool:
        try:
            offer.service.workplace.once(purpose, actor)
        except PurposeRefused:
            return False
        except ValueError:
            # One statement is not enough for this purpose; a transaction would be had.
            return True
        return True

    async def pry(call: Call) -> Answer:
        known = offer.service.charter.purpose
        return Answer(Purposes(purposes=[name for name in known if gets(name, call.actor)]))

    return replace(unlooked(route), handle=pry, body=None, query=None, answer=None)


def unlooked(route: Route) -> Route:
    """A route that asks nobody for a reason."""
    return replace(route, looks=None, because=None)


@asynccontextmanager
async def standing(offer: Offered, routes: Sequence[Route]) -> AsyncIterator[str]:
    """These routes on a port of their own: its address."""
    keys = read_keys(offer.instance.secrets / offer.name / "keys")
    door = Door(
        service=offer.name,
        routes=[prying(offer, route) for route in routes],
        problems=offer.service.problems,
        verifier=Verifier(keys, offer.name, Revocations()),
        clock=SystemClock(),
        metrics=Metrics(offer.name),
        readiness=Readiness(),
    )
    # Each answer is a line of a service's log, which is nobody's concern here.
    with redirect_stdout(io.StringIO()):
        running = await run(application(door), "127.0.0.1", 0, 0.1)
        try:
            yield f"http://127.0.0.1:{running.port}"
        finally:
            await running.close()


async def knock(
    offer: Offered, client: aiohttp.ClientSession, url: str, route: Route, role: str, **token: bool
) -> frozenset[str] | None:
    """The purposes that a role gets behind a door, or None where it stays outside."""
    headers = {} if role == NOBODY else {"Authorization": f"Bearer {offer.token(role, **token)}"}
    path = route.template
    for name, expression in route.variables.items():
        fitting = next((one for one in SAMPLES if expression and re.fullmatch(expression, one)), UUID(int=9))
        path = path.replace("{" + name + "}", str(fitting))
    async with client.request(route.method, url + path, headers=headers) as answer:
        if answer.status in (401, 403):
            return None
        if answer.status != 200:
            raise RuntimeError(f"{offer.name} {asked(route)} answered {answer.status} to {role}")
        return frozenset((await answer.json())["purposes"])


async def complaints(
    offer: Offered, routes: Sequence[Route], laws: Mapping[str, DoorLaw]
) -> AsyncGenerator[str, None]:
    """What the laws say about these routes: who comes in who should not, and what they get behind."""
    async with standing(offer, routes) as url, aiohttp.ClientSession() as client:
        for route in routes:
            law = laws.get(asked(route))
            for role in KNOCKERS if law else ():
                got = await knock(offer, client, url, route, role)
                told = f"{offer.name}: {role} {asked(route)}"
                for complaint in _judged(told, role, got, law):
                    yield complaint
                if law.fresh and got is not None:
                    stale = await knock(offer, client, url, route, role, proved=False)
                    if stale is not None:
                        yield f"{told}: comes in without a fresh proof. {law.says}"
                if law.owner and got is not None:
                    other = await knock(offer, client, url, route, role, owner=False)
                    if other is not None:
                        yield f"{told}: comes in and owns nothing. {law.says}"


def _judged(told: str, role: str, got: frozenset[str] | None, law: DoorLaw | None) -> Iterator[str]:
    assert law is not None, "only what a law speaks about is judged"
    if got is None and role in law.roles:
        yield f"{told}: stays outside. {law.says}"
    if got is not None and role not in law.roles:
        yield f"{told}: comes in. {law.says}"
    beyond = (got or frozenset()) - law.purposes
    if beyond:
        yield f"{told}: acts for {', '.join(sorted(beyond))}. {law.says}"


def widenings(offer: Offered, route: Route) -> Iterator[tuple[str, Route]]:
    """Every way in which a route can be wider by one step, in words and as a route."""
    if route.open:
        roles = frozenset({Role.VISITOR})
    else:
        roles = route.roles
        for role in [role for role in CALLERS if role not in roles][:1]:
            yield f"for {role.value} too", replace(route, roles=roles | {role}, owner=False)
        yield (
            "without a token",
            replace(unlooked(route), roles=frozenset(), open=True, fresh=False, owner=False),
        )
    if route.owner:
        yield "for who owns nothing too", replace(route, owner=False)
    if route.fresh:
        yield "without a fresh proof", replace(route, fresh=False)
    known = offer.service.charter.purpose
    more = [name for name in known if name not in route.purposes and roles & set(known[name].actors)]
    for purpose in more[:1]:
        yield f"for {purpose} too", replace(route, also=(*route.also, purpose))


async def noticed(offer: Offered, wider: Route, laws: Mapping[str, DoorLaw]) -> bool:
    """Whether a law complains about a wider route."""
    async with aclosing(complaints(offer, [wider], laws)) as found:
        return await anext(found, None) is not None
