"""Who looked at one's own data, in plain words (Art. 15)."""

from __future__ import annotations

from urllib.parse import urlencode

from aiohttp import web

from chassis.reading import as_uuid
from contracts.looks import REASONS
from services.gateway.domain.looks_told import told_once
from services.gateway.entrypoints.pages.frame import Frame, granted
from services.gateway.entrypoints.pages.incoming import with_session
from services.gateway.handlers.act_for_order import act_for_self
from services.gateway.handlers.see_looks import HOLDERS, see_looks
from services.gateway.paths import path


class LooksPage:
    """The page on which a person reads who looked."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def looks(self, request: web.Request) -> web.Response:
        """GET /my-data/looks"""
        desk = self._frame.desk
        acting = await act_for_self(desk, with_session(request))
        typed = {service: as_uuid(request.query.get(service, "")) for service in HOLDERS}
        before = {service: look for service, look in typed.items() if look is not None}
        seen = granted(await see_looks(desk, acting, before, self._frame.language(request)))
        older = None if seen.before is None else f"{path('looks')}?{urlencode(seen.before)}"
        return await self._frame.show(
            request,
            "looks",
            looks=told_once(seen.looks),
            reasons={code: meaning.text for code, meaning in REASONS.items()},
            away=seen.away,
            older=older,
            first=not before,
        )
