"""An organisation's own page: agreements, door list, deliveries, figures (G-31, G-33)."""

from __future__ import annotations

from aiohttp import web

from contracts.actors import Role
from contracts.orders.api import FigureList
from contracts.sharing.api import Agreements, Attendees, Deliveries
from services.gateway.entrypoints.pages.frame import Frame, granted
from services.gateway.entrypoints.pages.incoming import in_role
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting


class Organiser:
    """The page of an organiser."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def organiser(self, request: web.Request) -> web.Response:
        """GET /organiser"""
        acting, read = Acting(in_role(request, Role.ORGANISER)), self._frame.read
        listed = await self._frame.ask(request, ("sharing", "GET", "/attendees"), Attendees, acting)
        too_many = isinstance(listed, Declined) and listed.status == 429
        return await self._frame.show(
            request,
            "organiser",
            agreements=await read(request, ("sharing", "/agreements"), Agreements, acting),
            figures=await read(request, ("orders", "/organiser/events"), FigureList, acting),
            attendees=None if too_many else granted(listed),
            too_many=self._frame.said(request, listed) if isinstance(listed, Declined) else None,
            deliveries=await read(request, ("sharing", "/deliveries"), Deliveries, acting),
        )
