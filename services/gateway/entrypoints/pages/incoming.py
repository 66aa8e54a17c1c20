"""What a page takes from a request: who is there, what the address names, which fields a form has."""

from __future__ import annotations

from typing import NoReturn
from urllib.parse import urlencode
from uuid import UUID

from aiohttp import web

from chassis.reading import FORM_TYPE, Halt, as_uuid, form_of
from chassis.routes import VISIT, Visit
from contracts.actors import Role
from services.gateway.domain.session import Session
from services.gateway.domain.signal import HEADER, objects
from services.gateway.paths import path

FIELDS = "fields"
"""The request key under which the fields of its form stay."""


def session_of(request: web.Request) -> Session | None:
    """The session that the middleware found, or None."""
    visit = request.get(VISIT)
    return visit.session if isinstance(visit, Visit) and isinstance(visit.session, Session) else None


def with_session(request: web.Request) -> Session:
    """The session of a visitor; without one the page says that the visit has ended."""
    session = session_of(request)
    if session is None:
        raise Halt("session-missing")
    return session


def in_role(request: web.Request, *roles: Role) -> Session:
    """The session of someone who logged in with one of these roles.

    Who did not log in is sent there, and comes back to a page that was read, never to a form that was sent.
    """
    session = session_of(request)
    if session is None or session.kind != "login":
        raise to_log_in(request)
    if session.due and Role.VISITOR not in roles:
        raise web.HTTPSeeOther(path("add_app"))
    if session.actor.role not in roles:
        raise Halt("role-refused")
    return session


def signalled(request: web.Request) -> bool:
    """Whether the browser objects in its person's name (Sec-GPC)."""
    return objects(request.headers.getall(HEADER, ()))


def to_log_in(request: web.Request) -> web.HTTPSeeOther:
    """To the log-in, and from there back to a page that was read."""
    onward = "?" + urlencode({"next": request.path_qs}) if request.method == "GET" else ""
    return web.HTTPSeeOther(path("login") + onward)


def id_in(request: web.Request, name: str) -> UUID:
    """The id in a page's address; what is no id names no page."""
    return as_uuid(request.match_info[name]) or not_found()


def not_found() -> NoReturn:
    """There is no such page."""
    raise Halt("not-found")


async def fields_of(request: web.Request) -> list[tuple[str, str]]:
    """Fields of a posted form in their order; pages take forms as browsers send them, and nothing else.

    They can be asked for again: a body is read once.
    """
    if FIELDS not in request:
        request[FIELDS] = await _read_fields(request)
    fields: list[tuple[str, str]] = request[FIELDS]
    return fields


async def _read_fields(request: web.Request) -> list[tuple[str, str]]:
    if not request.can_read_body:
        return []
    if request.content_type != FORM_TYPE:
        raise Halt("unknown-media-type")
    return await form_of(request)


def readable_at(request: web.Request) -> str:
    """Where this page can be read again, in another language; a form alone stands one step below its page.

    An address that leads nowhere is not repeated.
    """
    resource = request.match_info.route.resource
    if resource is None:
        return path("season")
    if request.method in ("GET", "HEAD"):
        return request.path_qs
    if any(route.method == "GET" for route in resource):
        return request.path
    return request.path.rsplit("/", 1)[0] or path("season")
