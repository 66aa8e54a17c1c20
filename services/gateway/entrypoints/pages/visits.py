"""Log in and out."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from aiohttp import web
from pydantic import ValidationError

from chassis.reading import Halt
from contracts.accounts.factors import AnswerChallenge, EnterByPasskey, PasskeyAnswer
from contracts.actors import Role
from services.gateway.domain.session import Session
from services.gateway.entrypoints.arriving import arriving
from services.gateway.entrypoints.bodies import CodeAnswered, Credentials
from services.gateway.entrypoints.cookies import drop_cookie, set_cookie
from services.gateway.entrypoints.pages.frame import Frame, see
from services.gateway.entrypoints.pages.incoming import fields_of, session_of
from services.gateway.handlers.desk import Cookie
from services.gateway.handlers.log_in import log_in
from services.gateway.handlers.log_out import log_out
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path

HOME = {
    Role.BOX_OFFICE: "counter",
    Role.STEWARD: "door",
    Role.SUPERVISOR: "door",
    Role.PLANNER: "planner",
    Role.ORGANISER: "organiser",
    Role.FINANCE: "books",
    Role.PRIVACY_OFFICER: "privacy_desk",
    Role.VISITOR: "my_data",
}

CHALLENGE = "__Host-challenge"
"""Between the two steps of a log-in: says that the first was right, and opens nothing."""
CHALLENGE_LIFE, LONGEST = 600, 200
NOBODY = Declined.ours("log-in-refused", 401)


class Visits:
    """Pages of the log-in."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame

    async def form(self, request: web.Request) -> web.Response:
        """GET /login"""
        onward = own_path(request.query.get("next", ""))
        return await self._frame.show(request, "login", user="", next=onward, problem=None)

    async def log_in(self, request: web.Request) -> web.Response:
        """POST /login"""
        fields = dict(await fields_of(request))
        done, onward = await self._opened(request, fields), own_path(fields.get("next", ""))
        if isinstance(done, Declined):
            return second_step(done, onward) or await self._again(request, fields, done)
        return entered(done, onward)

    async def code_form(self, request: web.Request) -> web.Response:
        """GET /login/code"""
        challenge_of(request)
        return await self._ask_code(request, 200, None)

    async def code(self, request: web.Request) -> web.Response:
        """POST /login/code: the second step of a log-in."""
        challenge, fields = challenge_of(request), dict(await fields_of(request))
        try:
            answer = CodeAnswered(challenge=challenge, code=fields.get("code", "").strip())
        except ValidationError:
            return await self._ask_code(request, 422, self._frame.text(request, "second.no_code"))
        body = AnswerChallenge(challenge=challenge, code=answer.code, origin=arriving().origin)
        language = self._frame.language(request)
        question = Question("accounts", "POST", "/sessions/factor", body=body, language=language)
        done = await log_in(self._frame.desk, question, session_of(request))
        if isinstance(done, Declined):
            return await self._ask_code(request, done.status, self._frame.said(request, done))
        response = entered(done, own_path(request.query.get("next", "")))
        response.del_cookie(CHALLENGE, path="/", secure=True, httponly=True, samesite="Lax")
        return response

    async def passkey(self, request: web.Request) -> web.Response:
        """POST /login/passkey: what a passkey signed, filled in by the page's script."""
        fields, language = dict(await fields_of(request)), self._frame.language(request)
        answer = passkey_of(fields)
        body = EnterByPasskey(**dict(answer), origin=arriving().origin)
        question = Question("accounts", "POST", "/sessions/passkey", body=body, language=language)
        done = await log_in(self._frame.desk, question, session_of(request))
        if isinstance(done, Declined):
            return await self._again(request, fields, done)
        response = entered(done, own_path(fields.get("next", "")))
        response.del_cookie(CHALLENGE, path="/", secure=True, httponly=True, samesite="Lax")
        return response

    async def _ask_code(self, request: web.Request, status: int, problem: str | None) -> web.Response:
        onward = own_path(request.query.get("next", ""))
        return await self._frame.show(request, "login_code", status, next=onward, problem=problem)

    async def log_out(self, request: web.Request) -> web.Response:
        """POST /logout"""
        session = session_of(request)
        if session is not None:
            await log_out(self._frame.desk, session)
        return see(path("season"), drop_cookie())

    async def _opened(
        self, request: web.Request, fields: dict[str, str]
    ) -> tuple[Session, Cookie] | Declined:
        typed = {"user": fields.get("user", "").strip(), "password": fields.get("password", "")}
        try:
            credentials = Credentials.model_validate(typed)
        except ValidationError:
            return NOBODY
        question = credentials.question(arriving().origin, self._frame.language(request))
        return await log_in(self._frame.desk, question, session_of(request))

    async def _again(self, request: web.Request, fields: dict[str, str], refused: Declined) -> web.Response:
        """The form again; whatever was wrong with a name or a password, the words are the same."""
        wrong = refused.status == NOBODY.status
        return await self._frame.show(
            request,
            "login",
            refused.status,
            user=fields.get("user", "").strip(),
            next=own_path(fields.get("next", "")),
            problem=self._frame.text(request, "login.refused")
            if wrong
            else self._frame.said(request, refused),
        )


def entered(done: tuple[Session, Cookie], onward: str) -> web.Response:
    """Go on after a log-in: who must add a second factor does that first."""
    session, cookie = done
    arriving().device = cookie.device
    home = "add_app" if session.due else HOME.get(session.actor.role, "season")
    return see(path(home) if session.due else onward or path(home), set_cookie(cookie))


def second_step(declined: Declined, onward: str) -> web.Response | None:
    """Go on to the second step of a log-in, where the first one was right; None where it was not."""
    if declined.slug != "factor-needed":
        return None
    response = see(path("login_code") + ("?" + urlencode({"next": onward}) if onward else ""))
    response.set_cookie(
        CHALLENGE,
        str(declined.facts["challenge"]),
        max_age=CHALLENGE_LIFE,
        path="/",
        secure=True,
        httponly=True,
        samesite="Lax",
    )
    return response


def passkey_of(fields: Mapping[str, str]) -> PasskeyAnswer:
    """What a passkey signed, as the script filled it in."""
    try:
        return PasskeyAnswer(challenge=fields["challenge"], credential=fields["credential"])
    except (KeyError, ValidationError):
        raise Halt("invalid-input") from None


def challenge_of(request: web.Request) -> str:
    """The challenge that the first step left in this browser; without one a log-in begins anew."""
    found = request.cookies.get(CHALLENGE)
    if not found or len(found) > LONGEST:
        raise web.HTTPSeeOther(path("login"))
    return found


def own_path(onward: str) -> str:
    """A path of ours to go on to, or nothing: never another site (no open redirect)."""
    inside = onward.startswith("/") and not onward.startswith("//") and "\\" not in onward
    plain = onward.isascii() and onward.isprintable() and len(onward) <= 200
    return onward if inside and plain else ""
