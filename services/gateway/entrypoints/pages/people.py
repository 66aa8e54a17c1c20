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
from contracts.accounts.shielding import Protection, Protections
from contracts.actors import Role
from contracts.looks import ReasonCode
from contracts.orders.api import FoundSubject
from contracts.sharing.api import Disclosures
from services.gateway.domain.preferences import Offered, rows_of
from services.gateway.entrypoints.pages.frame import Frame, granted
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, in_role
from services.gateway.entrypoints.pages.reasons import FOR_PEOPLE, reason_of
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting

Errors = Sequence[Mapping[str, str]]
CUSTOMER_SERVICE = (Role.BOX_OFFICE, Role.PRIVACY_OFFICER)
LOOKING_UP = (*CUSTOMER_SERVICE, Role.SUPERVISOR)
_NUMBER = re.compile(r"[A-Za-z0-9-]{4,20}", re.ASCII)
NOTHING = Declined.ours("nobody-sought", 422)
NOBODY_TOLD = Disclosures(disclosures=())
"""Customer service reads no ledger: co-presenters stand on the page once somebody chose about them."""


@dataclass(frozen=True)
class Shown:
    """What the page shows: what was typed, who was found, the one that is open, and what was just changed.

    `name` is that of somebody shielded, shown to who needs it; `done` what was just done about a shield.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    found: tuple[FoundPerson, ...] | None = None
    person: PersonAtDesk | None = None
    errors: Errors = ()
    receipt: Choice | None = None
    asked: DeskChoice | None = None
    name: str | None = None
    done: str | None = None

    @property
    def status(self) -> int:
        """422 where something that was typed was not taken."""
        return 422 if self.errors else 200


@dataclass(frozen=True)
class Look:
    """One form about one person, as it came: who sent it, about whom, and for which reason."""

    clerk: Acting
    subject: UUID
    typed: Mapping[str, str]
    reason: Reason


class PeopleDesk:
    """/people: what is typed rides in bodies, and the reason is chosen anew for each search."""

    def __init__(self, frame: Frame, offered: Sequence[Offered]) -> None:
        self.frame = frame
        self._offered = offered

    async def form(self, request: web.Request) -> web.Response:
        """GET /people"""
        in_role(request, *LOOKING_UP)
        return await self.show(request, Shown())

    async def find(self, request: web.Request) -> web.Response:
        """POST /people: sought, reason"""
        clerk, typed = Acting(in_role(request, *LOOKING_UP)), dict(await fields_of(request))
        reason = reason_of(typed.get("reason", ""), FOR_PEOPLE)
        if isinstance(reason, Declined):
            return await self._refused(request, typed, "reason", reason)
        found = await self._found(request, clerk, typed.get("sought", "").strip(), reason)
        if isinstance(found, Declined):
            return await self._refused(request, typed, "sought", found)
        return await self.show(request, Shown(typed, found))

    async def person(self, request: web.Request) -> web.Response:
        """POST /people/{subject}: reason"""
        look = await self.opened(request, *LOOKING_UP)
        if isinstance(look, web.Response):
            return look
        return await self.show(request, Shown(look.typed, person=await self.read(request, look)))

    async def choose(self, request: web.Request) -> web.Response:
        """POST /people/{subject}/choices: reason, choice, asked_by, case_number; the case is the proof."""
        look = await self.opened(request, *CUSTOMER_SERVICE)
        if isinstance(look, web.Response):
            return look
        try:
            asked = DeskChoice.model_validate(_choice(look.typed, self.frame.language(request)))
        except ValidationError as wrong:
            errors = self.frame.wrong_fields(request, wrong, DeskChoice)
            return await self.show(
                request, Shown(look.typed, person=await self.read(request, look), errors=errors)
            )
        door = ("accounts", "POST", f"/people/{look.subject}/choices")
        done = await self.frame.ask(request, door, Choices, look.clerk, body=asked)
        person = await self.read(request, look)
        if isinstance(done, Declined):
            refused = self.frame.refused_fields(request, done)
            return await self.show(request, Shown(look.typed, person=person, errors=refused))
        kept = Shown(look.typed, person=person, receipt=_receipt(done, asked), asked=asked)
        return await self.show(request, kept)

    async def opened(self, request: web.Request, *roles: Role) -> Look | web.Response:
        """A form about one person with its reason; without one, the page that asks for it."""
        clerk, typed = Acting(in_role(request, *roles)), dict(await fields_of(request))
        reason = reason_of(typed.get("reason", ""), FOR_PEOPLE)
        if isinstance(reason, Declined):
            return await self._refused(request, typed, "reason", reason)
        return Look(clerk, id_in(request, "subject"), typed, reason)

    async def read(self, request: web.Request, look: Look) -> PersonAtDesk:
        """The person that a form is about; Refusal where there is nobody."""
        return granted(await self._person(request, look.clerk, look.subject, look.reason))

    async def show(self, request: web.Request, shown: Shown) -> web.Response:
        """The page, with what its reader may know of shields."""
        person, acting = shown.person, Acting(in_role(request, *LOOKING_UP))
        made = Choices(choices=person.choices) if person else None
        officer = acting.session.actor.role is Role.PRIVACY_OFFICER
        return await self.frame.show(
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
            name=shown.name,
            done=shown.done,
            shield=await self._shield(request, acting, person.subject) if officer and person else None,
            shields=await self._shields(request, acting) if officer and not person else (),
            reasons=FOR_PEOPLE,
        )

    async def _found(
        self, request: web.Request, clerk: Acting, sought: str, reason: Reason
    ) -> tuple[FoundPerson, ...] | Declined:
        """Who wrote from an address, or the person behind an order number."""
        if "@" not in sought and _NUMBER.fullmatch(sought):
            asked = ("orders", "GET", f"/counter/orders/{sought}/owner")
            owner = await self.frame.ask(request, asked, FoundSubject, clerk, reason=reason)
            if isinstance(owner, Declined):
                return () if owner.status == 404 else owner
            person = await self._person(request, clerk, owner.subject, reason)
            return person if isinstance(person, Declined) else (person,)
        try:
            body = FindSubject(email=sought)
        except ValidationError:
            return NOTHING
        search = ("accounts", "POST", "/people/search")
        found = await self.frame.ask(request, search, FoundPeople, clerk, body=body, reason=reason)
        return found if isinstance(found, Declined) else found.people

    async def _person(
        self, request: web.Request, clerk: Acting, subject: UUID, reason: Reason
    ) -> PersonAtDesk | Declined:
        asked = ("accounts", "GET", f"/people/{subject}")
        return await self.frame.ask(request, asked, PersonAtDesk, clerk, reason=reason)

    async def _shield(self, request: web.Request, officer: Acting, subject: UUID) -> Protection | None:
        asked = ("accounts", "GET", f"/people/{subject}/protection")
        why = Reason(ReasonCode.RIGHTS_REQUEST)
        found = await self.frame.ask(request, asked, Protection, officer, reason=why)
        return None if isinstance(found, Declined) and found.status == 404 else granted(found)

    async def _shields(self, request: web.Request, officer: Acting) -> Sequence[Protection]:
        return (
            await self.frame.read(request, ("accounts", "/protections"), Protections, officer)
        ).protections

    async def _refused(
        self, request: web.Request, typed: Mapping[str, str], beside: str, declined: Declined
    ) -> web.Response:
        errors = [{"field": beside, "message": self.frame.said(request, declined)}]
        return await self.show(request, Shown(typed, errors=errors))


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
