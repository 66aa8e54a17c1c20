"""Log in and out."""

from __future__ import annotations

from aiohttp import web
from pydantic import ValidationError

from contracts.actors import Role
from services.gateway.domain.session import Session
from services.gateway.entrypoints.arriving import arriving
from services.gateway.entrypoints.bodies import Credentials
from services.gateway.entrypoints.cookies import drop_cookie, set_cookie
from services.gateway.entrypoints.pages.frame import Frame, see
from services.gateway.entrypoints.pages.incoming import fields_of, session_of
from services.gateway.handlers.desk import Cookie
from services.gateway.handlers.log_in import log_in
from services.gateway.handlers.log_out import log_out
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path

HOME = {
    Role.BOX_OFFICE: "counter",
    Role.STEWARD: "door",
    Role.SUPERVISOR: "door",
    Role.PLANNER: "planner",
    Role.ORGANISER: "organiser",
    Role.PRIVACY_OFFICER: "privacy_desk",
    Role.VISITOR: "my_data",
}

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
        done = await self._opened(request, fields)
        if isinstance(done, Declined):
            return await self._again(request, fields, done)
        session, cookie = done
        arriving().device = cookie.device
        home = path(HOME.get(session.actor.role, "season"))
        return see(own_path(fields.get("next", "")) or home, set_cookie(cookie))

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


def own_path(onward: str) -> str:
    """A path of ours to go on to, or nothing: never another site (no open redirect)."""
    inside = onward.startswith("/") and not onward.startswith("//") and "\\" not in onward
    plain = onward.isascii() and onward.isprintable() and len(onward) <= 200
    return onward if inside and plain else ""
