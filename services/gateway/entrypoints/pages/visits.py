"""Log in and out."""

from __future__ import annotations

from aiohttp import web
from pydantic import ValidationError

from contracts.accounts.api import LogIn
from contracts.actors import Role
from services.gateway.entrypoints.cookies import drop_cookie, set_cookie
from services.gateway.entrypoints.pages.frame import Frame, see
from services.gateway.entrypoints.pages.incoming import fields_of, session_of
from services.gateway.handlers.log_in import log_in
from services.gateway.handlers.log_out import log_out
from services.gateway.neighbours.declined import Declined
from services.gateway.paths import path

HOME = {
    Role.BOX_OFFICE: "counter",
    Role.STEWARD: "door",
    Role.SUPERVISOR: "door",
    Role.ORGANISER: "organiser",
    Role.PRIVACY_OFFICER: "privacy_desk",
    Role.VISITOR: "my_data",
}


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
        user, onward = fields.get("user", "").strip(), own_path(fields.get("next", ""))
        try:
            credentials = LogIn.model_validate({"user": user, "password": fields.get("password", "")})
        except ValidationError:
            return await self._again(request, (user, onward), self._frame.text(request, "login.refused"), 401)
        language = self._frame.language(request)
        done = await log_in(self._frame.desk, credentials, language, session_of(request))
        if isinstance(done, Declined):
            return await self._again(request, (user, onward), self._frame.said(request, done), done.status)
        session, cookie = done
        return see(onward or path(HOME.get(session.actor.role, "season")), set_cookie(cookie))

    async def log_out(self, request: web.Request) -> web.Response:
        """POST /logout"""
        session = session_of(request)
        if session is not None:
            await log_out(self._frame.desk, session)
        return see(path("season"), drop_cookie())

    async def _again(
        self, request: web.Request, typed: tuple[str, str], problem: str, status: int
    ) -> web.Response:
        user, onward = typed
        return await self._frame.show(request, "login", status, user=user, next=onward, problem=problem)


def own_path(onward: str) -> str:
    """A path of ours to go on to, or nothing: never another site (no open redirect)."""
    inside = onward.startswith("/") and not onward.startswith("//") and "\\" not in onward
    plain = onward.isascii() and onward.isprintable() and len(onward) <= 200
    return onward if inside and plain else ""
