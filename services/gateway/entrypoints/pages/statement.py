"""The public privacy statement, made from the declarations that the walls enforce (W-50, W-51)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from contracts.orders.api import EventList
from services.gateway.declarations import Declarations
from services.gateway.domain.accent import accent_css
from services.gateway.entrypoints.pages.frame import Frame
from services.gateway.neighbours.declined import Declined


class Statement:
    """The statement, and the house's own colours."""

    def __init__(self, frame: Frame, declarations: Declarations, house: Mapping[str, Any]) -> None:
        self._frame = frame
        self._lines = declarations.statement()
        self._recipients = tuple(house["recipient"])
        self._css = accent_css(house["look"]["accent"])

    async def privacy(self, request: web.Request) -> web.Response:
        """GET /privacy; it stands also while orders is away, then without the names of partners."""
        found = await self._frame.ask(request, ("orders", "GET", "/events"), EventList)
        events = () if isinstance(found, Declined) else found.events
        partners = sorted({partner.name for event in events for partner in event.partners})
        return await self._frame.show(
            request, "privacy", lines=self._lines, recipients=self._recipients, partners=tuple(partners)
        )

    async def house_css(self, _: web.Request) -> web.Response:
        """GET /house.css"""
        headers = {"Cache-Control": "public, max-age=3600"}
        return web.Response(text=self._css, content_type="text/css", headers=headers)
