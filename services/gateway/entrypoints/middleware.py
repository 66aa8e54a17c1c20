"""What every request passes: where it came from, and whose session its cookie opens."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from chassis.reading import Halt
from chassis.routes import VISIT, Visit
from services.gateway.domain.origin import same_origin
from services.gateway.domain.session import COOKIE
from services.gateway.entrypoints.arriving import arrive, remember_device
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.find_session import find_session
from services.gateway.paths import PATHS

OPERATIONS = frozenset({"/livez", "/readyz", "/metrics", "/openapi.json"})
BY_COOKIE_ALONE = PATHS["wait_place"]
"""Asked by everybody who waits, again and again: it needs the cookie, and not whose session that is."""


def sessions(desk: Desk) -> Middleware:
    """Refuse what another site sent in a visitor's name, then find the session of the cookie."""

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path in OPERATIONS or request.path.startswith("/static/"):
            return await handler(request)
        headers = request.headers
        if not same_origin(
            request.method, desk.public_url, headers.get("Origin"), headers.get("Sec-Fetch-Site")
        ):
            raise Halt("foreign-origin")
        resource = request.match_info.route.resource
        if resource is not None and resource.canonical == BY_COOKIE_ALONE:
            return await handler(request)
        session = await find_session(desk, request.cookies.get(COOKIE))
        if session is not None:
            request[VISIT] = Visit(session.actor, session)
        arrived = arrive(request, desk.proxies)
        response = await handler(request)
        remember_device(response, arrived)
        return response

    return around
