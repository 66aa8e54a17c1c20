"""An organisation's own page: agreements, door list, deliveries, figures (G-31, G-33)."""

from __future__ import annotations

from typing import TypeVar

from aiohttp import web
from pydantic import BaseModel

from contracts.actors import Role
from contracts.orders.api import FigureList
from contracts.sharing.api import Agreements, Attendees, Deliveries
from services.gateway.entrypoints.pages.frame import Frame, Refusal, in_role
from services.gateway.neighbours.caller import Declined, Question
from services.gateway.neighbours.tokens import Acting

T = TypeVar("T", bound=BaseModel)


class Organiser:
    """The page of an organiser."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def organiser(self, request: web.Request) -> web.Response:
        """GET /organiser"""
        acting = Acting(in_role(request, Role.ORGANISER))
        return await self._frame.show(
            request,
            "organiser",
            agreements=await self._read(request, acting, ("sharing", "/agreements"), Agreements),
            figures=await self._read(request, acting, ("orders", "/organiser/events"), FigureList),
            attendees=await self._read(request, acting, ("sharing", "/attendees"), Attendees),
            deliveries=await self._read(request, acting, ("sharing", "/deliveries"), Deliveries),
        )

    async def _read(self, request: web.Request, acting: Acting, source: tuple[str, str], model: type[T]) -> T:
        language = self._frame.language(request)
        question = Question(source[0], "GET", source[1], acting, language=language)
        got = await self._frame.desk.neighbours.ask(question, model)
        if isinstance(got, Declined):
            raise Refusal(got)
        return got
