"""The public privacy statement, made from the declarations that the walls enforce (W-50, W-51)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from chassis.recipients import read_recipients
from chassis.statement import FOLDER
from services.gateway.declarations import Declarations
from services.gateway.domain.accent import accent_css
from services.gateway.entrypoints.pages.frame import Frame
from services.gateway.neighbours.declined import Declined

ROOT = Path(__file__).parents[4]
FOLLOWED_SINCE = "2026-11-30"
LINKED_DATA = "application/ld+json"


class Statement:
    """The statement, for people and for programs, and the house's own colours."""

    def __init__(self, frame: Frame, declarations: Declarations, house: Mapping[str, Any]) -> None:
        self._frame = frame
        self._recipients = read_recipients(house)
        self._lines = declarations.statement(self._recipients)
        self._published = declarations.publish(house)
        self._css = accent_css(house["look"]["accent"])

    async def privacy(self, request: web.Request) -> web.Response:
        """GET /privacy; it stands also while orders is away, then without the names of partners."""
        found = await self._frame.desk.season.coming()
        events = () if isinstance(found, Declined) else found.events
        partners = sorted({partner.name for event in events for partner in event.partners})
        return await self._frame.show(
            request,
            "privacy",
            lines=self._lines,
            recipients=self._recipients,
            partners=tuple(partners),
            published=self._published,
        )

    async def data(self, _: web.Request) -> web.Response:
        """GET /privacy.jsonld: what stands now, in the words of DPV."""
        return _linked(json.dumps(self._published.content, ensure_ascii=False))

    async def earlier(self, request: web.Request) -> web.Response:
        """GET /privacy/2026-11-22.jsonld: a version as it was published."""
        known = {version.day.isoformat() for version in self._published.versions}
        day = request.match_info["day"]
        if day not in known:
            raise web.HTTPNotFound
        return _linked((ROOT / FOLDER / f"{day}.jsonld").read_text(encoding="utf-8"))

    async def signal(self, _: web.Request) -> web.Response:
        """GET /.well-known/gpc.json: this house follows the signal, since that day."""
        return web.json_response({"gpc": True, "lastUpdate": FOLLOWED_SINCE})

    async def house_css(self, _: web.Request) -> web.Response:
        """GET /house.css"""
        headers = {"Cache-Control": "public, max-age=3600"}
        return web.Response(text=self._css, content_type="text/css", headers=headers)


def _linked(text: str) -> web.Response:
    return web.Response(text=text, content_type=LINKED_DATA, charset="utf-8")
