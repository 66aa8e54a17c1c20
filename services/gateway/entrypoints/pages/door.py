"""The door: one code in, one answer out, readable across a dark room."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from aiohttp import web

from chassis.reading import as_uuid
from contracts.actors import Role
from contracts.orders.api import Admission, DoorCount, EventList, EventSummary, Scan
from services.gateway.domain.session import Session
from services.gateway.entrypoints.pages.frame import Frame, fields_of, in_role, not_found, refuse
from services.gateway.neighbours.caller import Declined, Question
from services.gateway.neighbours.tokens import Acting

STILL_SHOWN = timedelta(hours=12)


class Door:
    """Pages of the door."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def door(self, request: web.Request) -> web.Response:
        """GET /door"""
        steward = in_role(request, Role.STEWARD, Role.SUPERVISOR)
        events = await self._events(request)
        chosen = next((event.id for event in events if event.slug == request.query.get("event")), None)
        return await self._show(request, steward, events, chosen, None)

    async def admit(self, request: web.Request) -> web.Response:
        """POST /door/admit"""
        steward = in_role(request, Role.STEWARD, Role.SUPERVISOR)
        fields = dict(await fields_of(request))
        event, code = as_uuid(fields.get("event", "")), fields.get("code", "").strip()[:400]
        events = await self._events(request)
        if event is None or not code:
            return await self._show(request, steward, events, event, None)
        question = Question(
            "orders",
            "POST",
            "/door/admissions",
            Acting(steward),
            Scan(event=event, code=code),
            language=self._frame.language(request),
        )
        admission = await self._desk.neighbours.ask(question, Admission)
        refuse(admission)
        assert isinstance(admission, Admission)
        return await self._show(request, steward, events, event, admission)

    async def _events(self, request: web.Request) -> list[EventSummary]:
        question = Question("orders", "GET", "/events", language=self._frame.language(request))
        found = await self._desk.neighbours.ask(question, EventList)
        refuse(found)
        assert isinstance(found, EventList)
        earliest = self._desk.clock.now() - STILL_SHOWN
        return [event for event in found.events if event.ends_at > earliest]

    async def _show(
        self,
        request: web.Request,
        steward: Session,
        events: list[EventSummary],
        event: UUID | None,
        admission: Admission | None,
    ) -> web.Response:
        count = None if event is None else await self._count(request, steward, event)
        return await self._frame.show(request, "door", events=events, count=count, admission=admission)

    async def _count(self, request: web.Request, steward: Session, event: UUID) -> DoorCount:
        language = self._frame.language(request)
        question = Question("orders", "GET", f"/door/events/{event}", Acting(steward), language=language)
        found = await self._desk.neighbours.ask(question, DoorCount)
        if isinstance(found, Declined) and found.status == 404:
            not_found()
        refuse(found)
        assert isinstance(found, DoorCount)
        return found
