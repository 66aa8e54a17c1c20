"""How the HTTP wall is taken down: the same service, composed anew in this process with one thing careless.

Settings, secrets, database and neighbours are those of the running house; only the door stands elsewhere.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import structlog

from chassis.clock import Clock, SystemClock
from chassis.metrics import Metrics
from chassis.process import Process
from chassis.routes import Route
from chassis.serve import settings_for
from chassis.service import Service
from chassis.settings import Settings
from chassis.tokens import Key, Revocations, Verifier, read_keys
from chassis.web import Door, Readiness, application, run
from contracts.actors import Actor, Role
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground

Swap = tuple[str, str, Any]
"""A dotted place (module, or module:Class), a name in it, and what stands there instead."""
MakeVerifier = Callable[[tuple[Key, ...], str], Verifier]
Change = Callable[[Sequence[Route]], Sequence[Route]]
Off = Callable[[Ground], AbstractAsyncContextManager[Ground]]


@dataclass(frozen=True)
class Careless:
    """A composition of one service: what is otherwise than in its app.py."""

    service: str
    swaps: tuple[Swap, ...] = ()
    verifier: MakeVerifier | None = None
    routes: Change = field(default=lambda routes: routes)
    clock: Clock = field(default_factory=SystemClock)
    largest_body: int | None = None

    def off(self) -> Off:
        """The house with this composition in the place of the service's door."""

        @asynccontextmanager
        async def around(ground: Ground) -> AsyncIterator[Ground]:
            async with composed(ground, self) as url:
                yield ground.with_door(self.service, url)

        return around


@asynccontextmanager
async def composed(ground: Ground, careless: Careless) -> AsyncIterator[str]:
    """A door of a service in this process: its address."""
    with swapped(careless.swaps):
        settings, service = assembled(ground, careless)
        keys = read_keys(settings.secrets / "keys")
        make = careless.verifier or (lambda known, audience: Verifier(known, audience, Revocations()))
        app = application(
            Door(
                service=service.name,
                routes=careless.routes(service.routes),
                problems=service.problems,
                verifier=make(keys, service.name),
                clock=careless.clock,
                metrics=Metrics(service.name),
                readiness=Readiness(),
                pages=service.pages,
            )
        )
        if careless.largest_body is not None:
            app._client_max_size = careless.largest_body
        for hook in service.on_start:
            await hook()
        running = await run(app, "127.0.0.1", 0, 1.0)
        try:
            yield f"http://127.0.0.1:{running.port}"
        finally:
            await running.close()
            for hook in service.on_stop:
                await hook()
            await service.workplace.close()


@asynccontextmanager
async def listening(ground: Ground, service: str, vhost: str, swaps: Sequence[Swap]) -> AsyncIterator[None]:
    """A whole service in this process that hears letters of another virtual host."""
    with swapped(swaps):
        settings, composed_service = assembled(ground, Careless(service), broker_vhost=vhost, port=0)
        process = Process(composed_service, settings, SystemClock())
        await process.start()
        try:
            yield
        finally:
            await process.stop()


def assembled(ground: Ground, careless: Careless, **more: Any) -> tuple[Settings, Service]:
    """Settings as the running service has them, and the service that its composition root makes of them."""
    app = import_module(f"services.{careless.service}.app")
    file = ground.instance.folder / "env" / f"{careless.service}.env"
    settings = settings_for(app.compose)(_env_file=file, **more)
    return settings, app.compose(settings, careless.clock)


@contextmanager
def swapped(swaps: Sequence[Swap]) -> Iterator[None]:
    """Something careless in the place of something careful, for as long as the block runs."""
    before = []
    try:
        for place, name, instead in swaps:
            module, _, of = place.partition(":")
            holder = getattr(import_module(module), of) if of else import_module(module)
            before.append((holder, name, getattr(holder, name)))
            setattr(holder, name, instead)
        yield
    finally:
        for holder, name, original in reversed(before):
            setattr(holder, name, original)


def opened(path: str, *roles: Role) -> Change:
    """Routes of which one path is open to more roles."""

    def change(routes: Sequence[Route]) -> Sequence[Route]:
        wider = [
            _with(route, roles=route.roles | frozenset(roles)) if route.template == path else route
            for route in routes
        ]
        assert wider != list(routes), f"no route {path}"
        return wider

    return change


def _with(route: Route, **changes: Any) -> Route:
    facts = {name: getattr(route, name) for name in Route.__dataclass_fields__}
    return Route(**{**facts, **changes})


def rerouted(path: str, **changes: Any) -> Change:
    """Routes of which one path is otherwise: another handler, another body."""

    def change(routes: Sequence[Route]) -> Sequence[Route]:
        return [_with(route, **changes) if route.template == path else route for route in routes]

    return change


@dataclass(frozen=True)
class Answered:
    """An answer: status, headers, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: Mapping[str, str]

    def json(self) -> Any:
        """The body as JSON; {} where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    @property
    def slug(self) -> str:
        """The name of the problem, or ""."""
        told = self.json()
        return str(told.get("type", "")).rsplit("/", 1)[-1] if isinstance(told, dict) else ""

    def granted(self) -> Any:
        """The JSON of a good answer; Held where the door refused. Anything from 500 is a fault of ours."""
        if self.status >= 500:
            raise RuntimeError(f"the door broke: {self.status} {self.slug}")
        if self.status >= 400:
            raise Held(f"{self.status} {self.slug}".strip())
        return self.json()


async def ask(
    method: str,
    url: str,
    token: str | None = None,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    cookie: str | None = None,
    form: Mapping[str, str] | None = None,
) -> Answered:
    """One request; redirects are not followed."""
    told = dict(headers or {})
    if token is not None:
        told["Authorization"] = f"Bearer {token}"
        # No attacker fails for want of a reason.
        told.setdefault("Access-Reason", "customer-asked")
    if cookie is not None:
        told["Cookie"] = f"__Host-session={cookie}"
    if body is not None and not isinstance(body, bytes):
        told.setdefault("Content-Type", "application/json")
        body = json.dumps(body).encode()
    data = body if body is not None else form
    timeout = aiohttp.ClientTimeout(total=30)
    async with (
        aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout) as session,
        session.request(method, url, data=data, headers=told, allow_redirects=False) as answer,
    ):
        content = await answer.read()
        cookies = {name: morsel.value for name, morsel in answer.cookies.items()}
        return Answered(answer.status, dict(answer.headers), content, cookies)


def visitor(ground: Ground, audience: str, subject: UUID | None = None) -> str:
    """A token of somebody who just came in, or of a person."""
    return ground.token(Actor(Role.VISITOR, subject or uuid4()), audience, "gateway")


def staff(ground: Ground, role: Role, audience: str, organisation: UUID | None = None) -> str:
    """A token of someone who works here, or for an organisation."""
    return ground.token(Actor(role, uuid4(), organisation), audience)


def http_attack(
    name: str, wants: str, rule: str, attempt: Callable[[Ground], Any], off: Careless | Off
) -> Attack[Ground]:
    """An attack at a door."""
    return Attack("http", name, wants, rule, attempt, off.off() if isinstance(off, Careless) else off)


def quiet() -> None:
    """Services that are composed here do not log to the attackers' screen."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
