"""The HTTP door of a service: an aiohttp application made from routes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from pydantic import BaseModel

from chassis import metrics as figures
from chassis.clock import Clock
from chassis.context import calling, trail
from chassis.decision import Refused
from chassis.edge import Edge
from chassis.faults import DatabaseAway
from chassis.language import negotiate
from chassis.metrics import Metrics
from chassis.openapi import describe
from chassis.problems import Problems, Reasons
from chassis.reading import MAX_BODY, Halt, bearer, body_of, key_of, path_of, query_of, reason_of
from chassis.routes import ANONYMOUS, VISIT, Answer, Call, Route, Visit
from chassis.tokens import Bearer, Proof, Verifier

__all__ = ["ANONYMOUS", "Answer", "Call", "Door", "Readiness", "Route", "Running", "application", "run"]


MEASURE_SECONDS = 2.0
# A crowd comes within one second; whom this queue has no place for comes back a second later.
BACKLOG = 1024
FRESH_FOR = timedelta(minutes=10)


@dataclass
class Readiness:
    """Why a service is not ready: reasons by part, set by the parts themselves, None where all is well.

    Parts in `informative` are shown and never make the service unready: the shop sells without a broker.
    """

    reasons: dict[str, str | None] = field(default_factory=dict)
    informative: frozenset[str] = frozenset({"broker"})

    def set(self, part: str, reason: str | None) -> None:
        """Tell how one part is: a reason code, or None for well."""
        self.reasons[part] = reason

    @property
    def ready(self) -> bool:
        """Whether nothing that matters is in the way."""
        return all(why is None for part, why in self.reasons.items() if part not in self.informative)

    def told(self) -> dict[str, Any]:
        """What /readyz says."""
        return {"ready": self.ready, "parts": {part: why or "well" for part, why in self.reasons.items()}}


@dataclass(frozen=True)
class Door:
    """All that the HTTP door of one service is made of.

    `measure` refreshes figures that stand in the database before they are shown; `pages` adds a gateway's
    own aiohttp routes and inner middlewares. `fresh_for` is how long a proof opens the doors that want one.
    """

    service: str
    routes: Sequence[Route]
    problems: Problems
    verifier: Verifier
    clock: Clock
    metrics: Metrics
    readiness: Readiness
    measure: Callable[[], Awaitable[None]] | None = None
    pages: Callable[[web.Application], None] | None = None
    fresh_for: timedelta = FRESH_FOR


def application(door: Door) -> web.Application:
    """The aiohttp application: routes, health, figures, OpenAPI, and the ring around them."""
    edge = Edge(door.service, door.problems, door.metrics)
    app = web.Application(middlewares=[edge.middleware()], client_max_size=MAX_BODY)
    reasons = Reasons()
    for route in door.routes:
        app.router.add_route(route.method, route.path, _handler(route, door, edge, reasons))
    _add_operations(app, door)
    if door.pages is not None:
        door.pages(app)
    return app


def _handler(route: Route, door: Door, edge: Edge, reasons: Reasons) -> Handler:
    purposes, variables = route.purposes, route.variables

    async def handle(request: web.Request) -> web.StreamResponse:
        call = await _call(request, route, variables, door, reasons)
        with calling(call.actor, purposes):
            outcome = await route.handle(call)
        if isinstance(outcome, Refused):
            outcome = Answer(outcome)
        if isinstance(outcome, Answer) and isinstance(refused := outcome.body, Refused):
            problem = edge.problem(request, call.request_id, refused.slug, refused.facts)
            problem.headers.update(outcome.headers)
            return problem
        return _response(outcome, route.status)

    return handle


async def _call(
    request: web.Request, route: Route, variables: Mapping[str, str | None], door: Door, reasons: Reasons
) -> Call:
    """Check a request in the order token, role, path, headers, query, body, and make it a value.

    A proof is asked for last: nobody proves who they are for a request that could not be carried out.
    """
    language = negotiate(request.headers.get("Accept-Language"))
    who = _bearer(request, route, door)
    actor = who.actor
    visit = request.get(VISIT)
    call = Call(
        actor=actor,
        path=path_of(request, variables),
        idempotency_key=key_of(request),
        reason=reason_of(request, route, actor),
        query=query_of(request, route, reasons, language),
        body=await body_of(request, route, reasons, language),
        language=language,
        request_id=trail().request_id,
        visit=visit.session if isinstance(visit, Visit) else None,
    )
    if route.fresh and not is_fresh(who.proof, door.clock.now(), door.fresh_for):
        raise Halt("step-up-needed")
    return call


def is_fresh(proof: Proof | None, now: datetime, within: timedelta) -> bool:
    """Whether somebody proved who they are some minutes ago, and not in the future."""
    return proof is not None and timedelta(0) <= now - proof.at <= within


def _bearer(request: web.Request, route: Route, door: Door) -> Bearer:
    visit = request.get(VISIT)
    if isinstance(visit, Visit):
        return _in_role(Bearer(visit.actor, None), route)
    token = bearer(request)
    if token is None:
        if route.open:
            return Bearer(ANONYMOUS, None)
        raise Halt("token-missing")
    found = door.verifier.bearer(token, door.clock.now())
    if isinstance(found, Refused):
        raise Halt(found.slug)
    return _in_role(found, route)


def _in_role(who: Bearer, route: Route) -> Bearer:
    if not route.open and who.actor.role not in route.roles:
        raise Halt("role-refused")
    if route.owner and not who.actor.owner:
        raise Halt("owner-needed")
    return who


def _response(outcome: BaseModel | Answer, status: int) -> web.Response:
    if isinstance(outcome, BaseModel):
        return _response(Answer(outcome, status), status)
    body = outcome.body
    assert not isinstance(body, Refused), "a refusal is a problem document"
    raw = body.model_dump_json().encode() if isinstance(body, BaseModel) else body
    headers: Mapping[str, str] = dict(outcome.headers)
    if raw is None:
        return web.Response(status=outcome.status, headers=headers)
    return web.Response(body=raw, status=outcome.status, content_type=outcome.content_type, headers=headers)


def _add_operations(app: web.Application, door: Door) -> None:
    document = describe(door.service, door.routes)

    async def livez(_: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(_: web.Request) -> web.Response:
        return web.json_response(door.readiness.told(), status=200 if door.readiness.ready else 503)

    async def metrics(_: web.Request) -> web.Response:
        await _measured(door)
        return web.Response(body=door.metrics.exposition(), headers={"Content-Type": figures.CONTENT_TYPE})

    async def openapi(_: web.Request) -> web.Response:
        return web.json_response(document)

    for path, handler in (
        ("/livez", livez),
        ("/readyz", readyz),
        ("/metrics", metrics),
        ("/openapi.json", openapi),
    ):
        app.router.add_get(path, handler)


async def _measured(door: Door) -> None:
    """Refresh figures from the database; a database that is away leaves the last ones standing."""
    if door.measure is None:
        return
    with suppress(DatabaseAway, TimeoutError):
        async with asyncio.timeout(MEASURE_SECONDS):
            await door.measure()


@dataclass(frozen=True)
class Running:
    """A door that listens: its port, and how to close it."""

    port: int
    runner: web.AppRunner

    async def close(self) -> None:
        """Stop accepting, let running requests finish within the grace, then close."""
        await self.runner.cleanup()


async def run(app: web.Application, host: str, port: int, grace_seconds: float) -> Running:
    """Listen; port 0 takes a free one. OSError where the port is taken."""
    runner = web.AppRunner(
        app, access_log=None, handle_signals=False, shutdown_timeout=grace_seconds, keepalive_timeout=30
    )
    await runner.setup()
    site = web.TCPSite(runner, host, port, backlog=BACKLOG)
    await site.start()
    return Running(int(runner.addresses[0][1]), runner)
