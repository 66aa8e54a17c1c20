"""Who works for the house: the page of administrators and of their second pair of eyes (G-71)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from aiohttp import web
from pydantic import ValidationError

from chassis.reason import Reason
from contracts.accounts.team import Invitation, Invite, Member, Team
from contracts.actors import Role
from contracts.looks import ReasonCode
from services.gateway.entrypoints.pages.frame import Frame, see, unless_unproved
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, in_role
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

WHY = Reason(ReasonCode.ACCESS_MANAGEMENT)
HOUSE_ROLES = (
    Role.BOX_OFFICE,
    Role.STEWARD,
    Role.SUPERVISOR,
    Role.PLANNER,
    Role.MARKETING,
    Role.FINANCE,
    Role.PRIVACY_OFFICER,
    Role.ADMINISTRATOR,
)
DONE = frozenset({"invited", "withdrawn", "given", "reviewed", "ended"})
Errors = Sequence[Mapping[str, str]]


class TeamPage:
    """/team: forms come back to it, with what was typed where they were refused."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def team(self, request: web.Request) -> web.Response:
        """GET /team"""
        return await self._show(request)

    async def invite(self, request: web.Request) -> web.Response:
        """POST /team/invite: email, role"""
        acting, fields = self._chief(request), dict(await fields_of(request))
        typed = {name: fields.get(name, "").strip() for name in ("email", "role")}
        try:
            body = Invite.model_validate({**typed, "locale": self._frame.language(request)})
        except ValidationError as wrong:
            errors = self._frame.wrong_fields(request, wrong, Invite)
            return await self._show(request, errors, typed, 422)
        asked = ("accounts", "POST", "/team/invitations")
        return await self._done(
            request, await self._frame.ask(request, asked, Invitation, acting, body=body), "invited"
        )

    async def withdraw(self, request: web.Request) -> web.Response:
        """POST /team/invitations/{invitation}/withdraw"""
        gone = f"/team/invitations/{id_in(request, 'invitation')}"
        return await self._done(request, await self._end(request, gone), "withdrawn")

    async def give(self, request: web.Request) -> web.Response:
        """POST /team/invitations/{invitation}/give"""
        asked = ("accounts", "POST", f"/team/invitations/{id_in(request, 'invitation')}/role")
        return await self._done(request, await self._member(request, asked, self._either(request)), "given")

    async def review(self, request: web.Request) -> web.Response:
        """POST /team/members/{subject}/review"""
        asked = ("accounts", "POST", f"/team/members/{_subject(request)}/review")
        return await self._done(request, await self._member(request, asked, self._chief(request)), "reviewed")

    async def end(self, request: web.Request) -> web.Response:
        """POST /team/members/{subject}/end"""
        gone = f"/team/members/{_subject(request)}"
        return await self._done(request, await self._end(request, gone), "ended")

    async def _member(
        self, request: web.Request, asked: tuple[str, str, str], acting: Acting
    ) -> Member | Declined:
        return await self._frame.ask(request, asked, Member, acting, reason=WHY)

    async def _end(self, request: web.Request, gone: str) -> Declined | None:
        acting, language = self._chief(request), self._frame.language(request)
        question = Question("accounts", "DELETE", gone, acting, language=language, reason=WHY)
        return unless_unproved(await self._frame.desk.neighbours.tell(question))

    async def _done(self, request: web.Request, outcome: object, done: str) -> web.Response:
        if isinstance(outcome, Declined):
            return await self._show(
                request, self._frame.refused_fields(request, outcome), status=outcome.status
            )
        return see(f"{path('team')}?done={done}")

    async def _show(
        self,
        request: web.Request,
        errors: Errors = (),
        typed: Mapping[str, str] | None = None,
        status: int = 200,
    ) -> web.Response:
        acting, done = self._either(request), request.query.get("done")
        return await self._frame.show(
            request,
            "team",
            status,
            team=await self._frame.read(request, ("accounts", "/team"), Team, acting),
            roles=HOUSE_ROLES,
            errors=errors,
            typed=typed or {},
            done=done if done in DONE else None,
        )

    def _chief(self, request: web.Request) -> Acting:
        return Acting(in_role(request, Role.ADMINISTRATOR))

    def _either(self, request: web.Request) -> Acting:
        return Acting(in_role(request, Role.ADMINISTRATOR, Role.PRIVACY_OFFICER))


def _subject(request: web.Request) -> UUID:
    return id_in(request, "subject")
