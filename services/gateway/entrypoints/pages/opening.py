"""Opening an account, and finding the way back in: a form, a letter, a page behind its link."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from aiohttp import web
from pydantic import BaseModel, ValidationError

from contracts.accounts import api
from services.gateway.domain.session import Session
from services.gateway.entrypoints.arriving import arriving
from services.gateway.entrypoints.bodies import AccountOpened, MailboxAsked, PasswordRenewed
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.entrypoints.pages.frame import Frame, granted, see
from services.gateway.entrypoints.pages.incoming import fields_of, session_of
from services.gateway.entrypoints.pages.visits import second_step
from services.gateway.handlers.desk import Cookie
from services.gateway.handlers.log_in import log_in
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path

LETTER = "__Host-letter"
"""Holds the token of a letter's link while its page is open, so that it stays in no history."""
LETTER_LIFE = 3600
DEAD = Declined.ours("letter-gone", 410)
Kind = Literal["register", "forgot"]
ASKED_AT: Mapping[Kind, str] = {"register": "/registrations", "forgot": "/password-resets"}
Errors = Sequence[dict[str, str]]


class Opening:
    """Pages for whoever is not logged in yet."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._desk = frame.desk

    async def register(self, request: web.Request) -> web.Response:
        """GET /register"""
        return await self._mailbox(request, "register")

    async def ask_account(self, request: web.Request) -> web.Response:
        """POST /register"""
        return await self._ask(request, "register")

    async def forgot(self, request: web.Request) -> web.Response:
        """GET /forgot"""
        return await self._mailbox(request, "forgot")

    async def ask_password(self, request: web.Request) -> web.Response:
        """POST /forgot"""
        return await self._ask(request, "forgot")

    async def follow(self, request: web.Request) -> web.Response:
        """GET /a/{token}: goes on to a clean address at once. Nothing is used up: scanners open links too."""
        response = see(path("letter"))
        token = request.match_info["token"]
        response.set_cookie(
            LETTER, token, max_age=LETTER_LIFE, path="/", secure=True, httponly=True, samesite="Lax"
        )
        return response

    async def letter(self, request: web.Request) -> web.Response:
        """GET /letter"""
        return await self._show(request, await self._read(request), "", (), 200)

    async def answer(self, request: web.Request) -> web.Response:
        """POST /letter: does what the letter is for, once."""
        letter, fields = await self._read(request), dict(await fields_of(request))
        if letter.kind in ("email_new", "email_old"):
            return await self._agree(request)
        model = AccountOpened if letter.kind == "register" else PasswordRenewed
        try:
            typed = model.model_validate({"token": _token(request), **_typed(fields, model)})
        except ValidationError as error:
            wrong = self._frame.wrong_fields(request, error, model)
            return await self._show(request, letter, fields.get("name", ""), wrong, 422)
        done = await log_in(self._desk, self._question(request, typed), session_of(request))
        if isinstance(done, Declined) and (onward := second_step(done, "")) is not None:
            return onward
        if isinstance(done, Declined):
            wrong = [{**one, "field": _field(done)} for one in self._frame.refused_fields(request, done)]
            return await self._show(request, letter, fields.get("name", ""), wrong, done.status)
        return self._entered(done)

    def _entered(self, done: tuple[Session, Cookie]) -> web.Response:
        _, cookie = done
        arriving().device = cookie.device
        response = see(path("account") + "?saved=entered", set_cookie(cookie))
        response.del_cookie(LETTER, path="/", secure=True, httponly=True, samesite="Lax")
        return response

    async def _agree(self, request: web.Request) -> web.Response:
        asked = ("accounts", "POST", "/emails")
        body = api.ReadLetter(token=_token(request))
        change = granted(await self._frame.ask(request, asked, api.EmailChange, body=body))
        response = await self._frame.show(request, "agreed", change=change)
        response.del_cookie(LETTER, path="/", secure=True, httponly=True, samesite="Lax")
        return response

    def _question(self, request: web.Request, typed: AccountOpened | PasswordRenewed) -> Question:
        language, origin = self._frame.language(request), arriving().origin
        body: BaseModel
        if isinstance(typed, PasswordRenewed):
            body = api.NewPassword(token=typed.token, password=typed.password, origin=origin)
            return Question("accounts", "POST", "/passwords", body=body, language=language)
        body = api.OpenAccount(
            token=typed.token, name=typed.name, password=typed.password, locale=language, origin=origin
        )
        return Question("accounts", "POST", "/accounts", body=body, language=language)

    async def _ask(self, request: web.Request, kind: Kind) -> web.Response:
        fields, language = dict(await fields_of(request)), self._frame.language(request)
        email = fields.get("email", "").strip()
        try:
            asked = MailboxAsked(email=email)
        except ValidationError as error:
            wrong = self._frame.wrong_fields(request, error, MailboxAsked)
            return await self._mailbox(request, kind, email, wrong, 422)
        body = api.AskLetter(email=asked.email, locale=language, origin=arriving().origin)
        question = Question("accounts", "POST", ASKED_AT[kind], body=body, language=language)
        declined = await self._desk.neighbours.tell(question)
        if declined is not None:
            wrong = self._frame.refused_fields(request, declined)
            return await self._mailbox(request, kind, email, wrong, declined.status)
        return see(path(kind) + "?sent=1")

    async def _mailbox(
        self, request: web.Request, kind: Kind, email: str = "", errors: Errors = (), status: int = 200
    ) -> web.Response:
        sent = "sent" in request.query
        return await self._frame.show(
            request, "mailbox", status, kind=kind, sent=sent, email=email, errors=errors
        )

    async def _read(self, request: web.Request) -> api.Letter:
        body = api.ReadLetter(token=_token(request))
        return granted(
            await self._frame.ask(request, ("accounts", "POST", "/letters"), api.Letter, body=body)
        )

    async def _show(
        self, request: web.Request, letter: api.Letter, name: str, errors: Errors, status: int
    ) -> web.Response:
        return await self._frame.show(request, "letter", status, letter=letter, name=name, errors=errors)


def _token(request: web.Request) -> str:
    """The token that the link left in this browser; without one there is no letter."""
    token = request.cookies.get(LETTER)
    return granted(DEAD if token is None or len(token) > api.LONGEST_TOKEN else token)


def _typed(fields: dict[str, str], model: type[BaseModel]) -> dict[str, Any]:
    return {name: fields.get(name, "") for name in ("name", "password") if name in model.model_fields}


def _field(declined: Declined) -> str:
    """Beside which field a refusal stands; what is no fault of the password stands above them all."""
    return "password" if declined.slug.startswith("password-") else ""
