"""The privacy desk: cases with their clocks, receipts, recalls, sweeps (W-47, F-64)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import Halt, as_uuid
from contracts.accounts.api import FindSubject
from contracts.actors import Role
from contracts.retention.api import (
    Case,
    Cases,
    Decision,
    DecisionFigures,
    OpenCase,
    OrderSweep,
    Review,
    Sweep,
    Sweeps,
)
from contracts.sharing.api import Recalls
from services.gateway.entrypoints.pages.frame import Frame, granted, see, unless_unproved
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, in_role
from services.gateway.entrypoints.pages.reasons import AT_PRIVACY_DESK, reason_of
from services.gateway.handlers.find_person import NO_CASE, OTHER_PERSON, find_person
from services.gateway.handlers.open_case import open_case
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

_NUMBER = re.compile(r"[A-Za-z0-9-]{4,20}")


@dataclass(frozen=True)
class Looked:
    """What the desk looked up beside its lists: one case with its recalls, persons found, or a refusal.

    `refused_reason` is a refusal of why somebody is looked for, `wrong` what is wrong with an
    answer; what was `typed` then stays.
    """

    case: Case | None = None
    recalls: Recalls | None = None
    found: tuple[UUID, ...] | None = None
    refused: Declined | None = None
    refused_reason: Declined | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    wrong: tuple[dict[str, str], ...] = ()


class PrivacyDesk:
    """Pages of the privacy officer."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def desk(self, request: web.Request) -> web.Response:
        """GET /privacy-desk"""
        return await self._show(request, self._officer(request), Looked())

    async def case(self, request: web.Request) -> web.Response:
        """GET /privacy-desk/cases/{case}"""
        officer, case = self._officer(request), id_in(request, "case")
        found = await self._frame.read(request, ("retention", f"/cases/{case}"), Case, officer)
        recalls = await self._frame.read(request, ("sharing", f"/cases/{case}/recalls"), Recalls, officer)
        return await self._show(request, officer, Looked(case=found, recalls=recalls))

    async def find(self, request: web.Request) -> web.Response:
        """POST /privacy-desk/find: what is searched rides in the body, never in an address."""
        officer = self._officer(request)
        fields = dict(await fields_of(request))
        reason = reason_of(fields.get("reason", ""), AT_PRIVACY_DESK)
        if isinstance(reason, Declined):
            return await self._show(request, officer, Looked(refused_reason=reason, typed=fields))
        sought = _sought(fields)
        language = self._frame.language(request)
        found = await find_person(self._desk, officer, sought, reason, language) if sought else ()
        if isinstance(found, Declined) and found.slug in (NO_CASE.slug, OTHER_PERSON.slug):
            return await self._show(request, officer, Looked(refused_reason=found, typed=fields))
        if isinstance(found, Declined) and found.status == 404:
            found = ()
        return await self._show(request, officer, Looked(found=granted(found)))

    async def open(self, request: web.Request) -> web.Response:
        """POST /privacy-desk/cases"""
        officer = self._officer(request)
        wanted = _case(dict(await fields_of(request)))
        opened = await open_case(self._desk, officer, wanted, self._frame.language(request))
        case = unless_unproved(opened)
        if isinstance(case, Declined):
            return await self._show(request, officer, Looked(refused=case))
        return see(path("desk_case", case=case.id))

    async def lift(self, request: web.Request) -> web.Response:
        """POST /privacy-desk/cases/{case}/lift"""
        officer, case = self._officer(request), id_in(request, "case")
        asked = ("retention", "POST", f"/cases/{case}/lift")
        granted(await self._frame.ask(request, asked, Case, officer))
        return see(path("desk_case", case=case))

    async def decide(self, request: web.Request) -> web.Response:
        """POST /privacy-desk/cases/{case}/decision"""
        officer, case = self._officer(request), id_in(request, "case")
        decision = _decision(dict(await fields_of(request)))
        asked = ("retention", "POST", f"/cases/{case}/decision")
        granted(await self._frame.ask(request, asked, Case, officer, body=decision))
        return see(path("desk_case", case=case))

    async def review(self, request: web.Request) -> web.Response:
        """POST /privacy-desk/cases/{case}/review: a person answers who contested an automated decision."""
        officer, case = self._officer(request), id_in(request, "case")
        fields = dict(await fields_of(request))
        wrong = await self._answer(request, officer, case, fields)
        if not wrong:
            return see(path("desk_case", case=case))
        found = await self._frame.read(request, ("retention", f"/cases/{case}"), Case, officer)
        return await self._show(request, officer, Looked(case=found, wrong=tuple(wrong), typed=fields))

    async def _answer(
        self, request: web.Request, officer: Acting, case: UUID, fields: Mapping[str, str]
    ) -> list[dict[str, str]]:
        """What is wrong with an answer; nothing where it was taken."""
        typed = {"granted": fields.get("granted") or "0", "reasons": fields.get("reasons", "")}
        try:
            wanted = Review.model_validate(typed)
        except ValidationError as error:
            return self._frame.wrong_fields(request, error, Review)
        asked = ("retention", "POST", f"/cases/{case}/review")
        answered = await self._frame.ask(request, asked, Case, officer, body=wanted)
        return self._frame.refused_fields(request, answered) if isinstance(answered, Declined) else []

    async def sweep(self, request: web.Request) -> web.Response:
        """POST /privacy-desk/sweeps"""
        officer = self._officer(request)
        wanted = _sweep(dict(await fields_of(request)))
        asked = ("retention", "POST", "/sweeps")
        granted(await self._frame.ask(request, asked, Sweep, officer, body=wanted))
        return see(path("privacy_desk") + "#sweeps")

    async def _show(self, request: web.Request, officer: Acting, looked: Looked) -> web.Response:
        refused = looked.refused or looked.refused_reason
        beside = looked.refused_reason
        said = None if refused is None else self._frame.said(request, refused)
        status = 422 if looked.wrong else 200
        return await self._frame.show(
            request,
            "privacy_desk",
            status if refused is None else refused.status,
            cases=await self._frame.read(request, ("retention", "/cases"), Cases, officer),
            sweeps=await self._frame.read(request, ("retention", "/sweeps"), Sweeps, officer),
            decisions=await self._frame.read(request, ("retention", "/decisions"), DecisionFigures, officer),
            now=self._desk.clock.now(),
            case=looked.case,
            recalls=looked.recalls,
            found=looked.found,
            disclosures=None,
            problem=said if looked.refused else None,
            reasons=AT_PRIVACY_DESK,
            typed=looked.typed,
            errors=[{"field": "reason", "message": said}] if beside else list(looked.wrong),
        )

    def _officer(self, request: web.Request) -> Acting:
        return Acting(in_role(request, Role.PRIVACY_OFFICER))


def _sought(fields: Mapping[str, str]) -> FindSubject | str | None:
    """An address or an order number; None for what can be neither."""
    value = fields.get("value", "").strip()
    if fields.get("by") != "email":
        return value if _NUMBER.fullmatch(value) else None
    try:
        return FindSubject(email=value)
    except ValidationError:
        return None


def _case(fields: dict[str, str]) -> OpenCase:
    try:
        return OpenCase(
            kind=fields.get("kind", ""),
            subject=as_uuid(fields.get("subject", "")),
            understood=fields.get("understood") == "yes",
        )
    except ValidationError:
        raise Halt("invalid-input") from None


def _decision(fields: dict[str, str]) -> Decision:
    """What was decided: the objection stands, or these grounds override it."""
    grounds = fields.get("grounds", "") or None
    try:
        return Decision.model_validate({"stands": grounds is None, "grounds": grounds})
    except ValidationError:
        raise Halt("invalid-input") from None


def _sweep(fields: dict[str, str]) -> OrderSweep:
    """A sweep as of the beginning of a day."""
    try:
        day = date.fromisoformat(fields.get("as_of", ""))
        return OrderSweep(as_of=datetime(day.year, day.month, day.day, tzinfo=UTC))
    except ValueError:
        raise Halt("invalid-input") from None
