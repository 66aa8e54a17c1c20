"""The privacy desk: cases with their clocks, receipts, recalls, sweeps (W-47, F-64)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel, ValidationError

from chassis.reading import as_uuid
from contracts.accounts.api import FindSubject, FoundSubjects
from contracts.actors import Role
from contracts.orders.api import FoundSubject
from contracts.retention.api import Case, Cases, OpenCase, OrderSweep, Sweep, Sweeps
from contracts.sharing.api import Recalls
from services.gateway.domain.session import Session
from services.gateway.entrypoints.pages.frame import Frame, Refusal, fields_of, in_role, not_found, see
from services.gateway.handlers.open_case import open_case
from services.gateway.neighbours.caller import Declined, Question
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

T = TypeVar("T", bound=BaseModel)
_NUMBER = re.compile(r"[A-Za-z0-9-]{4,20}")


class PrivacyDesk:
    """Pages of the privacy officer."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def desk(self, request: web.Request) -> web.Response:
        """GET /privacy-desk"""
        return await self._show(request, self._officer(request))

    async def case(self, request: web.Request) -> web.Response:
        """GET /privacy-desk/cases/{case}"""
        officer = self._officer(request)
        case = as_uuid(request.match_info["case"])
        if case is None:
            not_found()
        found = await self._read(request, officer, ("retention", f"/cases/{case}"), Case)
        recalls = await self._read(request, officer, ("sharing", f"/cases/{case}/recalls"), Recalls)
        return await self._show(request, officer, case=found, recalls=recalls)

    async def find(self, request: web.Request) -> web.Response:
        """POST /privacy-desk/find: what is searched rides in the body, never in an address."""
        officer = self._officer(request)
        fields = dict(await fields_of(request))
        value = fields.get("value", "").strip()
        by_email = fields.get("by") == "email"
        found = await (self._by_email if by_email else self._by_number)(request, officer, value)
        return await self._show(request, officer, found=found)

    async def open(self, request: web.Request) -> web.Response:
        """POST /privacy-desk/cases"""
        officer = self._officer(request)
        fields = dict(await fields_of(request))
        try:
            wanted = OpenCase(
                kind=fields.get("kind", ""),
                subject=as_uuid(fields.get("subject", "")),
                understood=fields.get("understood") == "yes",
            )
        except ValidationError:
            raise Refusal(Declined(422, {"type": "/problems/invalid-input", "status": 422})) from None
        language = self._frame.language(request)
        case = await open_case(self._desk, Acting(officer), wanted, language)
        if isinstance(case, Declined):
            return await self._show(request, officer, problem=self._frame.said(case, language))
        return see(path("desk_case", case=case.id))

    async def sweep(self, request: web.Request) -> web.Response:
        """POST /privacy-desk/sweeps"""
        officer = self._officer(request)
        fields = dict(await fields_of(request))
        try:
            day = date.fromisoformat(fields.get("as_of", ""))
        except ValueError:
            raise Refusal(Declined(422, {"type": "/problems/invalid-input", "status": 422})) from None
        wanted = OrderSweep(as_of=datetime(day.year, day.month, day.day, tzinfo=UTC))
        question = Question(
            "retention", "POST", "/sweeps", Acting(officer), wanted, language=self._frame.language(request)
        )
        done = await self._desk.neighbours.ask(question, Sweep)
        if isinstance(done, Declined):
            raise Refusal(done)
        return see(path("privacy_desk") + "#sweeps")

    async def _by_email(self, request: web.Request, officer: Session, value: str) -> Sequence[UUID]:
        try:
            wanted = FindSubject(email=value)
        except ValidationError:
            return ()
        question = Question(
            "accounts",
            "POST",
            "/subjects/by-email",
            Acting(officer),
            wanted,
            language=self._frame.language(request),
        )
        found = await self._desk.neighbours.ask(question, FoundSubjects)
        if isinstance(found, Declined):
            raise Refusal(found)
        return found.subjects

    async def _by_number(self, request: web.Request, officer: Session, value: str) -> Sequence[UUID]:
        if not _NUMBER.fullmatch(value):
            return ()
        question = Question(
            "orders",
            "GET",
            f"/orders/by-number/{value}/subject",
            Acting(officer),
            language=self._frame.language(request),
        )
        found = await self._desk.neighbours.ask(question, FoundSubject)
        if isinstance(found, Declined) and found.status == 404:
            return ()
        if isinstance(found, Declined):
            raise Refusal(found)
        return (found.subject,)

    async def _show(
        self,
        request: web.Request,
        officer: Session,
        *,
        case: Case | None = None,
        recalls: Recalls | None = None,
        found: Sequence[UUID] | None = None,
        problem: str | None = None,
    ) -> web.Response:
        return await self._frame.show(
            request,
            "privacy_desk",
            409 if problem else 200,
            cases=await self._read(request, officer, ("retention", "/cases"), Cases),
            sweeps=await self._read(request, officer, ("retention", "/sweeps"), Sweeps),
            now=self._desk.clock.now(),
            case=case,
            recalls=recalls,
            found=None if found is None else tuple(found),
            disclosures=None,
            problem=problem,
        )

    async def _read(
        self, request: web.Request, officer: Session, source: tuple[str, str], model: type[T]
    ) -> T:
        question = Question(
            source[0], "GET", source[1], Acting(officer), language=self._frame.language(request)
        )
        got = await self._desk.neighbours.ask(question, model)
        if isinstance(got, Declined):
            raise Refusal(got)
        return got

    def _officer(self, request: web.Request) -> Session:
        return in_role(request, Role.PRIVACY_OFFICER)
