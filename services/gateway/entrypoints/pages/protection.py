"""What protects one's account: password, address, sessions, log-ins of thirty days (G-60, G-11)."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web
from pydantic import BaseModel, ValidationError

from chassis.reading import as_uuid
from contracts.accounts import api
from contracts.accounts.team import AnswerInvitation, OwnInvitations
from contracts.actors import PEOPLE
from services.gateway.entrypoints.bodies import EmailWished, PasswordChanged
from services.gateway.entrypoints.pages.frame import Frame, granted, see, unless_unproved
from services.gateway.entrypoints.pages.incoming import fields_of, id_in, in_role
from services.gateway.neighbours.caller import Question
from services.gateway.paths import path

ANYONE = tuple(PEOPLE)
SAVED = frozenset(
    {
        "entered",
        "password",
        "email",
        "sessions",
        "factor_added",
        "factor_removed",
        "role_accepted",
        "role_declined",
    }
)
Errors = Sequence[dict[str, str]]


class Protection:
    """Pages of the account, for everyone who logged in."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def account(self, request: web.Request) -> web.Response:
        """GET /account"""
        return await self._show(request, (), 200)

    async def password(self, request: web.Request) -> web.Response:
        """POST /account/password"""
        secret, fields = secret_of(request), dict(await fields_of(request))
        typed = {name: fields.get(name, "") for name in ("current", "password")}
        try:
            asked = PasswordChanged.model_validate(typed)
        except ValidationError as error:
            return await self._show(request, self._frame.wrong_fields(request, error, PasswordChanged), 422)
        body = api.ChangePassword(secret=secret, current=asked.current, password=asked.password)
        return await self._tell(request, ("PUT", "/account/password"), body, "password")

    async def email(self, request: web.Request) -> web.Response:
        """POST /account/email"""
        secret, fields = secret_of(request), dict(await fields_of(request))
        typed = {"email": fields.get("email", "").strip(), "password": fields.get("own_password", "")}
        try:
            asked = EmailWished.model_validate(typed)
        except ValidationError as error:
            return await self._show(request, self._frame.wrong_fields(request, error, EmailWished), 422)
        body = api.ChangeEmail(secret=secret, email=asked.email, password=asked.password)
        return await self._tell(request, ("POST", "/account/email"), body, "email")

    async def sessions(self, request: web.Request) -> web.Response:
        """POST /account/sessions: one that is named, or all others."""
        secret, fields = secret_of(request), dict(await fields_of(request))
        body = api.EndSessions(secret=secret, session=as_uuid(fields.get("session", "")))
        return await self._tell(request, ("POST", "/account/sessions"), body, "sessions")

    async def invitation(self, request: web.Request) -> web.Response:
        """POST /account/invitations/{invitation}: `answer` is "yes" or "no" """
        secret, fields = secret_of(request), dict(await fields_of(request))
        accept = fields.get("answer") == "yes"
        body = AnswerInvitation(secret=secret, accept=accept)
        asked = ("POST", f"/account/invitations/{id_in(request, 'invitation')}")
        return await self._tell(request, asked, body, "role_accepted" if accept else "role_declined")

    async def _tell(
        self, request: web.Request, asked: tuple[str, str], body: BaseModel, saved: str
    ) -> web.Response:
        language = self._frame.language(request)
        question = Question("accounts", *asked, body=body, language=language)
        declined = await self._frame.desk.neighbours.tell(question)
        if declined is not None:
            unless_unproved(declined)
            return await self._show(request, self._frame.refused_fields(request, declined), declined.status)
        return see(f"{path('account')}?saved={saved}")

    async def _show(self, request: web.Request, errors: Errors, status: int) -> web.Response:
        body, asked = api.Mine(secret=secret_of(request)), ("accounts", "POST", "/account")
        account = await self._frame.ask(request, asked, api.Account, body=body)
        if not isinstance(account, api.Account):
            # It was ended from elsewhere a moment ago.
            raise web.HTTPSeeOther(path("login"))
        waiting = await self._frame.ask(
            request, ("accounts", "POST", "/account/invitations"), OwnInvitations, body=body
        )
        saved = request.query.get("saved")
        return await self._frame.show(
            request,
            "account",
            status,
            account=account,
            invitations=granted(waiting).invitations,
            errors=errors,
            saved=saved if saved in SAVED else None,
        )


def secret_of(request: web.Request) -> str:
    """The secret at accounts of whoever is logged in; others are sent to the log-in."""
    session = in_role(request, *ANYONE)
    assert session.secret is not None, "a log-in has a secret at accounts"
    return session.secret
