"""The door: one code in, one answer out, readable across a dark room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from aiohttp import web

from chassis.reading import as_uuid
from contracts.actors import Role
from contracts.orders.api import Admission, DoorCount, EventSummary, Scan
from services.gateway.entrypoints.pages.frame import Frame, granted
from services.gateway.entrypoints.pages.incoming import fields_of, in_role
from services.gateway.neighbours.tokens import Acting

STILL_SHOWN = timedelta(hours=12)
LONGEST_CODE = 400


class Door:
    """Pages of the door."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def door(self, request: web.Request) -> web.Response:
        """GET /door"""
        steward = self._steward(request)
        events = await self._events()
        chosen = next((event.id for event in events if event.slug == request.query.get("event")), None)
        return await self._show(request, steward, events, chosen, None)

    async def admit(self, request: web.Request) -> web.Response:
        """POST /door/admit"""
        steward = self._steward(request)
        fields = dict(await fields_of(request))
        event, code = as_uuid(fields.get("event", "")), fields.get("code", "").strip()[:LONGEST_CODE]
        events = await self._events()
        if event is None or not code:
            return await self._show(request, steward, events, event, None)
        asked, scan = ("orders", "POST", "/door/admissions"), Scan(event=event, code=code)
        admission = granted(await self._frame.ask(request, asked, Admission, steward, body=scan))
        return await self._show(request, steward, events, event, admission)

    async def _events(self) -> Sequence[EventSummary]:
        season = granted(await self._frame.desk.season.coming())
        earliest = self._frame.desk.clock.now() - STILL_SHOWN
        return [event for event in season.events if event.ends_at > earliest]

    async def _show(
        self,
        request: web.Request,
        steward: Acting,
        events: Sequence[EventSummary],
        event: UUID | None,
        admission: Admission | None,
    ) -> web.Response:
        count = None
        if event is not None:
            source = ("orders", f"/door/events/{event}")
            count = await self._frame.read(request, source, DoorCount, steward)
        return await self._frame.show(request, "door", events=events, count=count, admission=admission)

    def _steward(self, request: web.Request) -> Acting:
        return Acting(in_role(request, Role.STEWARD, Role.SUPERVISOR))
