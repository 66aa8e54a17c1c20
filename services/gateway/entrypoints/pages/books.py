"""The books on one page: what was sold, what came in and goes back, and whether it adds up (W-07)."""

from __future__ import annotations

from aiohttp import web

from contracts.actors import Role
from contracts.orders.money import Books
from services.gateway.entrypoints.pages.frame import Frame
from services.gateway.entrypoints.pages.incoming import in_role
from services.gateway.neighbours.tokens import Acting


class BooksPage:
    """The page of who keeps the books; nobody is in it."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def books(self, request: web.Request) -> web.Response:
        """GET /books"""
        acting = Acting(in_role(request, Role.FINANCE))
        found = await self._frame.read(request, ("orders", "/books"), Books, acting)
        return await self._frame.show(request, "books", books=found)
