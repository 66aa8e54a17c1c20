"""Customer service: look somebody up for a reason, and change a choice that they asked for (G-64)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import Halt, as_uuid
from chassis.reason import Reason
from contracts.accounts.api import Choice, Choices, DeskChoice, FindSubject
from contracts.accounts.desk import FoundPeople, FoundPerson, PersonAtDesk
from contracts.actors import Role
from contracts.orders.api import FoundSubject
from contracts.sharing.api import Disclosures
from services.gateway.domain.preferences import Offered, rows_of
from services.gateway.entrypoints.pages.frame import Frame, granted
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, in_role
from services.gateway.entrypoints.pages.reasons import FOR_PEOPLE, reason_of
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting

Errors = Sequence[Mapping[str, str]]
_NUMBER = re.compile(r"[A-Za-z0-9-]{4,20}", re.ASCII)
NOTHING = Declined.ours("nobody-sought", 422)
NOBODY_TOLD = Disclosures(disclosures=())
"""Customer service reads no ledger: co-presenters stand on the page once somebody chose about them."""


@dataclass(frozen=True)
class Shown:
    """What the page shows: what was typed, who was found, the one that is open, and what was just changed."""

    typed: Mapping[str, str] = field(default_factory=dict)
    found: tuple[FoundPerson, ...] | None = None
    person: PersonAtDesk | None = None
    errors: Errors = ()
    receipt: Choice | None = None
    asked: DeskChoice | None = None

    @property
    def status(self) -> int:
        """422 where something that was typed was not taken."""
        return 422 if self.errors else 200


class PeopleDesk:
    """/people: what is typed rides in bodies, and the reason is chosen anew for each search."""

    def __init__(self, frame: Frame, offered: Sequence[Offered]) -> None:
        self._frame = frame
        self._offered = offered

    async def form(self, request: web.Request) -> web.Response:
        """GET /people"""
        self._clerk(request)
        return await self._show(request, Shown())

    async def find(self, request: web.Request) -> web.Response:
        """POST /people: sought, reason"""
        clerk, typed = self._clerk(request), dict(await fields_of(request))
        reason = reason_of(typed.get("reason", ""), FOR_PEOPLE)
        if isinstance(reason, Declined):
            return await self._refused(request, typed, "reason", reason)
        found = await self._found(request, clerk, typed.get("sought", "").strip(), reason)
        if isinstance(found, Declined):
            return await self._refused(request, typed, "sought", found)
        return await self._show(request, Shown(typed, found))

    async def person(self, request: web.Request) -> web.Response:
        """POST /people/{subject}: reason"""
        clerk, typed = self._clerk(request), dict(await fields_of(request))
        reason = reason_of(typed.get("reason", ""), FOR_PEOPLE)
        if isinstance(reason, Declined):
            return await self._refused(request, typed, "reason", reason)
        person = granted(await self._person(request, clerk, id_in(request, "subject"), reason))
        return await self._show(request, Shown(typed, person=person))

    async def choose(self, request: web.Request) -> web.Response:
        """POST /people/{subject}/choices: reason, choice, asked_by, case_number; the case is the proof."""
        clerk, subject, typed = (
            self._clerk(request),
            id_in(request, "subject"),
            dict(await fields_of(request)),
        )
        reason = reason_of(typed.get("reason", ""), FOR_PEOPLE)
        if isinstance(reason, Declined):
            return await self._refused(request, typed, "reason", reason)
        try:
            asked = DeskChoice.model_validate(_choice(typed, self._frame.language(request)))
        except ValidationError as wrong:
            errors = self._frame.wrong_fields(request, wrong, DeskChoice)
            person = granted(await self._person(request, clerk, subject, reason))
            return await self._show(request, Shown(typed, person=person, errors=errors))
        door = ("accounts", "POST", f"/people/{subject}/choices")
        done = await self._frame.ask(request, door, Choices, clerk, body=asked)
        person = granted(await self._person(request, clerk, subject, reason))
        if isinstance(done, Declined):
            refused = self._frame.refused_fields(request, done)
            return await self._show(request, Shown(typed, person=person, errors=refused))
        kept = Shown(typed, person=person, receipt=_receipt(done, asked), asked=asked)
        return await self._show(request, kept)

    async def _found(
        self, request: web.Request, clerk: Acting, sought: str, reason: Reason
    ) -> tuple[FoundPerson, ...] | Declined:
        """Who wrote from an address, or the person behind an order number."""
        if "@" not in sought and _NUMBER.fullmatch(sought):
            asked = ("orders", "GET", f"/counter/orders/{sought}/owner")
            owner = await self._frame.ask(request, asked, FoundSubject, clerk, reason=reason)
            if isinstance(owner, Declined):
                return () if owner.status == 404 else owner
            person = await self._person(request, clerk, owner.subject, reason)
            return person if isinstance(person, Declined) else (person,)
        try:
            body = FindSubject(email=sought)
        except ValidationError:
            return NOTHING
        search = ("accounts", "POST", "/people/search")
        found = await self._frame.ask(request, search, FoundPeople, clerk, body=body, reason=reason)
        return found if isinstance(found, Declined) else found.people

    async def _person(
        self, request: web.Request, clerk: Acting, subject: UUID, reason: Reason
    ) -> PersonAtDesk | Declined:
        asked = ("accounts", "GET", f"/people/{subject}")
        return await self._frame.ask(request, asked, PersonAtDesk, clerk, reason=reason)

    async def _refused(
        self, request: web.Request, typed: Mapping[str, str], beside: str, declined: Declined
    ) -> web.Response:
        errors = [{"field": beside, "message": self._frame.said(request, declined)}]
        return await self._show(request, Shown(typed, errors=errors))

    async def _show(self, request: web.Request, shown: Shown) -> web.Response:
        person = shown.person
        made = Choices(choices=person.choices) if person else None
        return await self._frame.show(
            request,
            "people",
            shown.status,
            typed=shown.typed,
            found=shown.found,
            person=person,
            rows=rows_of(self._offered, made, NOBODY_TOLD) if made else (),
            errors=shown.errors,
            receipt=shown.receipt,
            asked=shown.asked,
            reasons=FOR_PEOPLE,
        )

    def _clerk(self, request: web.Request) -> Acting:
        return Acting(in_role(request, Role.BOX_OFFICE, Role.PRIVACY_OFFICER))


def _choice(typed: Mapping[str, str], language: str) -> dict[str, Any]:
    """What a switch asks for: its value is purpose, state, channel and organisation in one."""
    parts = typed.get("choice", "").split(":")
    if len(parts) != 4:
        raise Halt("invalid-input")
    purpose, state, channel, organisation = parts
    return {
        "purpose": purpose,
        "state": state,
        "channel": channel,
        "organisation": as_uuid(organisation),
        "asked_by": typed.get("asked_by", ""),
        "case_number": typed.get("case_number", "").strip(),
        "language": language,
    }


def _receipt(done: Choices, asked: DeskChoice) -> Choice | None:
    """The record of what was asked for, as it stands now."""
    about = (asked.purpose, asked.organisation, asked.channel)
    fits = (one for one in done.choices if (one.purpose, one.organisation, one.channel) == about)
    return next(fits, None)
