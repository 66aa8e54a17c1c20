"""Where we know a person, the signal of their browser is written down as their objection (Art. 21(5))."""

from __future__ import annotations

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from services.gateway.entrypoints.pages.frame import Frame
from services.gateway.entrypoints.pages.incoming import session_of, signalled
from services.gateway.handlers.act_for_order import act_for_self
from services.gateway.handlers.honour_signal import HonourSignal
from services.gateway.paths import PATHS

ABOUT_THEMSELVES = frozenset(PATHS[name] for name in ("my_data", "looks", "choices", "order"))
"""Whoever logs in, follows the link of a mail or pays comes to one of these pages."""


def honouring(frame: Frame) -> Middleware:
    """Before such a page is made, so that it shows what was written down."""
    honour = HonourSignal(frame.desk)

    @web.middleware
    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        session, resource = session_of(request), request.match_info.route.resource
        here = resource is not None and resource.canonical in ABOUT_THEMSELVES
        if here and session is not None and signalled(request):
            await honour(await act_for_self(frame.desk, session), frame.language(request))
        return await handler(request)

    return around
