"""What every page does alike: reader's language, header, refusals in plain words, security headers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from chassis.context import trail
from chassis.language import LANGUAGES, negotiate
from chassis.problems import Problems, Reasons
from chassis.reason import Reason
from services.gateway.entrypoints.pages.incoming import readable_at, session_of
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.see_basket import places_held
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting
from services.gateway.paths import path
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
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=()",
}
NOWHERE = frozenset({400, 404, 405, 410})
"""Where these come from there is nothing to read in another language, and the address is not repeated."""
Page = Callable[[web.Request], Awaitable[web.StreamResponse]]
M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")


class Refusal(Exception):
    """A page cannot go on; the frame shows the problem page."""

    def __init__(self, declined: Declined) -> None:
        super().__init__(declined.slug)
        self.declined = declined


def granted(outcome: T | Declined) -> T:
    """What a neighbour answered; a page stops where it declined."""
    if isinstance(outcome, Declined):
        raise Refusal(outcome)
    return outcome


def unless_unproved(outcome: T | Declined) -> T | Declined:
    """The outcome; where a fresh proof is needed, the page stops at once and the proof is asked for."""
    if isinstance(outcome, Declined) and outcome.slug == "step-up-needed":
        raise Refusal(outcome)
    return outcome


@dataclass(frozen=True)
class Frame:
    """Draws pages for one house."""

    desk: Desk
    pages: Pages
    problems: Problems
    reasons: Reasons

    def language(self, request: web.Request) -> str:
        """The language that was chosen (`?lang=`, then the cookie), else the browser's best."""
        for chosen in (request.query.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
            if chosen in LANGUAGES:
                return chosen
        return negotiate(request.headers.get("Accept-Language"))

    def text(self, request: web.Request, key: str) -> str:
        """A text of the pages in the reader's language."""
        return self.pages.text(self.language(request), key)

    async def ask(
        self,
        request: web.Request,
        asked: tuple[str, str, str],
        answer: type[M],
        acting: Acting | None = None,
        *,
        body: BaseModel | None = None,
        key: str | None = None,
        reason: Reason | None = None,
    ) -> M | Declined:
        """Ask (service, method, path) in the reader's language; as nobody in particular without `acting`.

        Staff who ask about one person say for which `reason`.
        """
        question = Question(*asked, acting, body, language=self.language(request), key=key, reason=reason)
        return unless_unproved(await self.desk.neighbours.ask(question, answer))

    async def tell(self, request: web.Request, asked: tuple[str, str, str], body: BaseModel) -> None:
        """Ask for something that answers with nothing; Refusal where it is declined."""
        question = Question(*asked, body=body, language=self.language(request))
        declined = await self.desk.neighbours.tell(question)
        if declined is not None:
            raise Refusal(declined)

    async def read(
        self,
        request: web.Request,
        source: tuple[str, str],
        answer: type[M],
        acting: Acting | None = None,
        reason: Reason | None = None,
    ) -> M:
        """What (service, path) answers; Refusal where it declines."""
        return granted(await self.ask(request, (source[0], "GET", source[1]), answer, acting, reason=reason))

    async def show(
        self, request: web.Request, template: str, status: int = 200, **context: object
    ) -> web.Response:
        """A page from its template."""
        language = self.language(request)
        reader = await self._reader(request, language)
        response = answered(self.pages.render(template, reader, **context), status, language)
        if request.query.get("lang") in LANGUAGES:
            response.set_cookie(
                LANGUAGE_COOKIE, language, max_age=LANGUAGE_LIFE, samesite="Lax", secure=True, httponly=True
            )
        return response

    def framed(self, request: web.Request, template: str, **context: object) -> web.Response:
        """A page that any site may show in a frame (F-48): it knows no session and sets no cookie.

        Whatever is clicked in it opens in a window of the house, where nothing can lie over it.
        """
        language = self.language(request)
        html = self.pages.render(template, Reader(language, request.path_qs), embedded=True, **context)
        response = answered(html, 200, language)
        response.headers["Content-Security-Policy"] = POLICY.replace(
            "frame-ancestors 'none'", "frame-ancestors *"
        )
        del response.headers["X-Frame-Options"]
        return response

    def problem(self, request: web.Request, document: Mapping[str, Any]) -> web.Response:
        """A problem document as a page in plain words; it needs no database, which may be what is away."""
        language, status = self.language(request), int(document["status"])
        declined = Declined(status, document)
        here = path("season") if status in NOWHERE else readable_at(request)
        html = self.pages.render(
            "problem",
            Reader(language, here),
            status=status,
            title=self._words(declined, language) or declined.title,
            text="",
            request_id=document.get("request_id", trail().request_id),
        )
        return answered(html, status, language)

    def said(self, request: web.Request, declined: Declined) -> str:
        """What a refusal says to a reader: the neighbour's words, or our own for our own slugs."""
        language = self.language(request)
        return declined.title or self._words(declined, language) or self.problems["broke"].titles[language]

    def wrong_fields(
        self, request: web.Request, error: ValidationError, model: type[BaseModel]
    ) -> list[dict[str, str]]:
        """What is wrong with what was typed, beside its fields."""
        listed = self.reasons.of(error, model, self.language(request))
        return [_beside(one.pointer, one.reason) for one in listed]

    def refused_fields(self, request: web.Request, declined: Declined) -> list[dict[str, str]]:
        """A neighbour's refusal of a form: beside its fields where it names them, else above them all."""
        listed = declined.document.get("errors", ())
        beside = [_beside(str(one["pointer"]), str(one["reason"])) for one in listed]
        return beside or [_beside("", self.said(request, declined))]

    def _words(self, declined: Declined, language: str) -> str:
        """Our words for a slug that we know; "" for a neighbour's own."""
        if declined.slug not in self.problems.slugs:
            return ""
        facts = _Facts(declined.document.get("facts", {}))
        return self.problems[declined.slug].titles[language].format_map(facts)

    async def _reader(self, request: web.Request, language: str) -> Reader:
        session = session_of(request)
        held = 0 if session is None or session.kind == "rights" else await places_held(self.desk, session)
        role = None if session is None or session.kind == "guest" else session.actor.role.value
        return Reader(language, readable_at(request), role, held)


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"


def answered(html: str, status: int, language: str) -> web.Response:
    """A page as it goes out."""
    headers = HEADERS | {"Content-Language": language}
    return web.Response(text=html, status=status, content_type="text/html", headers=headers)


def see(onward: str, headers: Mapping[str, str] | None = None) -> web.Response:
    """Go and look there: the answer to a form that did what it should (303)."""
    return web.Response(status=303, headers={"Location": onward, **(headers or {})})


def _beside(pointer: str, reason: str) -> dict[str, str]:
    return {"field": pointer.strip("/").split("/")[0], "message": reason}
