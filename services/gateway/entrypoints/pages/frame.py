"""What every page does alike: reader's language, header, refusals in plain words, security headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from urllib.parse import urlencode

from aiohttp import web

from chassis.context import trail
from chassis.language import LANGUAGES, negotiate
from chassis.problems import Problems, Reasons
from chassis.reading import Halt
from chassis.routes import VISIT, Visit
from contracts.actors import Role
from services.gateway.domain.session import Session
from services.gateway.domain.switches import Gate
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.see_basket import places_held
from services.gateway.neighbours.caller import Declined
from services.gateway.rendering import Pages, Reader

LANGUAGE_COOKIE = "lang"
LANGUAGE_LIFE = 180 * 24 * 3600
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), interest-cohort=()",
}
Page = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


class Refusal(Exception):
    """A page cannot go on; the frame shows the problem page."""

    def __init__(self, declined: Declined) -> None:
        super().__init__(declined.slug)
        self.declined = declined


@dataclass(frozen=True)
class Frame:
    """Draws pages for one house."""

    desk: Desk
    pages: Pages
    problems: Problems
    reasons: Reasons
    gates: Mapping[str, Gate]

    def language(self, request: web.Request) -> str:
        """The language that was chosen (`?lang=`, then the cookie), else the browser's best."""
        for chosen in (request.query.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
            if chosen in LANGUAGES:
                return chosen
        return negotiate(request.headers.get("Accept-Language"))

    async def show(
        self, request: web.Request, template: str, status: int = 200, **context: object
    ) -> web.Response:
        """A page from its template."""
        language = self.language(request)
        reader = await self._reader(request, language)
        html = self.pages.render(template, reader, **context)
        response = web.Response(text=html, status=status, content_type="text/html", headers=HEADERS)
        response.headers["Content-Language"] = language
        if request.query.get("lang") in LANGUAGES:
            response.set_cookie(
                LANGUAGE_COOKIE, language, max_age=LANGUAGE_LIFE, samesite="Lax", secure=True, httponly=True
            )
        return response

    def problem(self, request: web.Request, document: Mapping[str, Any]) -> web.Response:
        """A problem document as a page in plain words; it needs no database, which may be what is away."""
        language, status = self.language(request), int(document["status"])
        declined = Declined(status, document)
        known = declined.slug in self.problems.slugs
        title = self.problems[declined.slug].titles[language] if known else declined.title
        html = self.pages.render(
            "problem",
            Reader(language, request.path_qs),
            status=status,
            title=title.format_map(_Facts(document.get("facts", {}))),
            text="",
            request_id=document.get("request_id", trail().request_id),
        )
        return web.Response(text=html, status=status, content_type="text/html", headers=HEADERS)

    def said(self, declined: Declined, language: str) -> str:
        """What a refusal says to a reader: the neighbour's words, or our own for our own slugs."""
        slug = declined.slug if declined.slug in self.problems.slugs else "broke"
        return declined.title or self.problems[slug].titles[language]

    def field_errors(self, declined: Declined) -> list[dict[str, str]]:
        """Errors beside fields, from the pointers of a problem document."""
        listed: list[Mapping[str, Any]] = list(declined.document.get("errors", ()))
        return [
            {"field": str(error["pointer"]).strip("/").split("/")[0], "message": str(error["reason"])}
            for error in listed
        ]

    async def _reader(self, request: web.Request, language: str) -> Reader:
        session = session_of(request)
        held = 0 if session is None or session.kind == "rights" else await places_held(self.desk, session)
        role = None if session is None or session.kind == "guest" else session.actor.role.value
        return Reader(language, request.path_qs, role, held)


def session_of(request: web.Request) -> Session | None:
    """The session that the middleware found, or None."""
    visit = request.get(VISIT)
    return visit.session if isinstance(visit, Visit) and isinstance(visit.session, Session) else None


def refuse(outcome: object) -> None:
    """Stop a page where a neighbour declined."""
    if isinstance(outcome, Declined):
        raise Refusal(outcome)


def in_role(request: web.Request, *roles: Role) -> Session:
    """The session of someone in one of these roles; anyone else is sent to the log-in."""
    session = session_of(request)
    if session is not None and session.actor.role in roles and session.kind == "login":
        return session
    raise web.HTTPSeeOther("/login?" + urlencode({"next": request.path}))


def with_session(request: web.Request) -> Session:
    """The session of a visitor; without one the page says that the visit has ended."""
    session = session_of(request)
    if session is None:
        raise Refusal(Declined(401, {"type": "/problems/session-missing", "status": 401}))
    return session


def see(path: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """Go and look there: the answer to a form that did what it should (303)."""
    return web.Response(status=303, headers={"Location": path, **(headers or {})})


def not_found() -> NoReturn:
    """There is no such page."""
    raise Halt("not-found")


async def fields_of(request: web.Request) -> list[tuple[str, str]]:
    """Text fields of a posted form in their order; files and NUL are no text."""
    try:
        form = await request.post()
    except web.HTTPRequestEntityTooLarge:
        raise Halt("too-large") from None
    except ValueError:
        raise Halt("malformed-json") from None
    return [(name, value) for name, value in form.items() if isinstance(value, str) and "\x00" not in value]
