"""Forms of the page of an organisation about who acts for it (W-01); each comes back to that page."""

from __future__ import annotations

from aiohttp import web
from pydantic import ValidationError

from chassis.reason import Reason
from contracts.accounts.colleagues import Colleague, ColleagueInvitation, InviteColleague
from contracts.actors import Role
from contracts.looks import ReasonCode
from services.gateway.entrypoints.pages.frame import Frame, see, unless_unproved
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, in_role
from services.gateway.entrypoints.pages.organisation import OrganisationPage
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path

WHY = Reason(ReasonCode.ACCESS_MANAGEMENT)


class ColleaguesPage:
    """POST /organisation/invitations and what is below, POST /organisation/members/{subject}/end."""

    def __init__(self, frame: Frame, page: OrganisationPage) -> None:
        self._frame = frame
        self._page = page

    async def invite(self, request: web.Request) -> web.Response:
        """POST /organisation/invitations: email, owner"""
        acting, fields = self._acting(request), dict(await fields_of(request))
        email, owner = fields.get("email", "").strip(), fields.get("owner") == "yes"
        told = {"email": email, "owner": owner, "locale": self._frame.language(request)}
        try:
            body = InviteColleague.model_validate(told)
        except ValidationError as wrong:
            errors = self._frame.wrong_fields(request, wrong, InviteColleague)
            return await self._page.shown(request, errors=errors, email=email, status=422)
        asked = ("accounts", "POST", "/organisation/invitations")
        made = await self._frame.ask(request, asked, ColleagueInvitation, acting, body=body)
        return await self._done(request, made, "invited")

    async def withdraw(self, request: web.Request) -> web.Response:
        """POST /organisation/invitations/{invitation}/withdraw"""
        gone = f"/organisation/invitations/{id_in(request, 'invitation')}"
        return await self._done(request, await self._end(request, gone), "withdrawn")

    async def give(self, request: web.Request) -> web.Response:
        """POST /organisation/invitations/{invitation}/give"""
        asked = ("accounts", "POST", f"/organisation/invitations/{id_in(request, 'invitation')}/role")
        made = await self._frame.ask(request, asked, Colleague, self._acting(request), reason=WHY)
        return await self._done(request, made, "given")

    async def end(self, request: web.Request) -> web.Response:
        """POST /organisation/members/{subject}/end"""
        gone = f"/organisation/members/{id_in(request, 'subject')}"
        return await self._done(request, await self._end(request, gone), "ended")

    async def _end(self, request: web.Request, gone: str) -> Declined | None:
        acting, language = self._acting(request), self._frame.language(request)
        question = Question("accounts", "DELETE", gone, acting, language=language, reason=WHY)
        return unless_unproved(await self._frame.desk.neighbours.tell(question))

    async def _done(self, request: web.Request, outcome: object, done: str) -> web.Response:
        if isinstance(outcome, Declined):
            errors = self._frame.refused_fields(request, outcome)
            return await self._page.shown(request, errors=errors, status=outcome.status)
        return see(f"{path('organisation')}?done={done}")

    def _acting(self, request: web.Request) -> Acting:
        return Acting(in_role(request, Role.ORGANISER))
