"""The API of a person's own data: log-in, correction, choices, copy, erasure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from chassis.routes import Answer, Call, Route
from contracts.accounts.api import ChoiceRequest, Choices, Correction, LogIn, Person
from contracts.actors import Role
from contracts.notify.api import Messages
from contracts.orders.api import OrderList
from contracts.retention.api import Case, Cases, OpenCase
from contracts.sharing.api import Disclosures
from services.gateway.domain.session import Session
from services.gateway.entrypoints.bodies import Erasure, Visit
from services.gateway.entrypoints.cookies import drop_cookie, set_cookie
from services.gateway.entrypoints.passage import Outcome, in_session, own_passage, session_of, told
from services.gateway.handlers.act_for_order import act_for_self
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.download_copy import FILE_HEADERS, download_copy
from services.gateway.handlers.log_in import log_in
from services.gateway.handlers.log_out import log_out
from services.gateway.handlers.open_case import open_case
from services.gateway.neighbours.declined import Declined

VISITOR = frozenset({Role.VISITOR})
ANYONE = frozenset(set(Role) - {Role.SYSTEM_JOB})


class _Self:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def log_in(self, call: Call) -> Outcome:
        done = await log_in(self._desk, call.body, call.language, session_of(call))
        if isinstance(done, Declined):
            return told(done)
        session, cookie = done
        visit = Visit(role=session.actor.role, label=session.label, expires_at=session.expires_at)
        return Answer(visit, 201, headers=set_cookie(cookie))

    async def who(self, _: Call, session: Session) -> Outcome:
        return Visit(role=session.actor.role, label=session.label, expires_at=session.expires_at)

    async def log_out(self, call: Call) -> Outcome:
        session = session_of(call)
        if session is not None:
            await log_out(self._desk, session)
        return Answer(None, 204, headers=drop_cookie())

    async def copy(self, call: Call, session: Session) -> Outcome:
        return await self._open(call, session, OpenCase(kind="copy"))

    async def erase(self, call: Call, session: Session) -> Outcome:
        wanted = OpenCase(kind="erasure", understood=call.body.understood)
        return await self._open(call, session, wanted)

    async def download(self, call: Call, session: Session) -> Outcome:
        acting = await act_for_self(self._desk, session)
        got = await download_copy(self._desk, acting, UUID(call.path["case"]), call.language)
        return told(got) if isinstance(got, Declined) else Answer(got, headers=FILE_HEADERS)

    async def _open(self, call: Call, session: Session, body: OpenCase) -> Outcome:
        acting = await act_for_self(self._desk, session)
        return told(await open_case(self._desk, acting, body, call.language))


def routes(desk: Desk) -> Sequence[Route]:
    """Routes about oneself."""
    own = _Self(desk)
    return [*_sessions(own), *_data(desk), *_rights(own)]


def _sessions(own: _Self) -> Sequence[Route]:
    return [
        Route(
            "POST",
            "/sessions",
            "account",
            frozenset(),
            own.log_in,
            body=LogIn,
            answer=Visit,
            status=201,
            open=True,
            summary="Log in",
        ),
        Route(
            "GET",
            "/sessions/current",
            "account",
            ANYONE,
            in_session(own.who),
            answer=Visit,
            summary="Who am I",
        ),
        Route("DELETE", "/sessions/current", "account", ANYONE, own.log_out, status=204, summary="Log out"),
    ]


def _data(desk: Desk) -> Sequence[Route]:
    def read(path: str, service: str, source: str, model: type[BaseModel], summary: str) -> Route:
        handle = own_passage(desk, (service, "GET", source), model)
        return Route("GET", path, "rights", VISITOR, handle, answer=model, summary=summary)

    def change(method: str, path: str, source: str, models: tuple[type[BaseModel], type[BaseModel]]) -> Route:
        handle = own_passage(desk, ("accounts", method, source), models[1])
        purpose = "keeping_choices" if source.endswith("choices") else "rights"
        return Route(
            method, path, purpose, VISITOR, handle, body=models[0], answer=models[1], summary="Change " + path
        )

    return [
        read("/me", "accounts", "/people/me", Person, "What is known about me"),
        change("PATCH", "/me", "/people/me", (Correction, Person)),
        read("/me/choices", "accounts", "/people/me/choices", Choices, "My choices"),
        change("POST", "/me/choices", "/people/me/choices", (ChoiceRequest, Choices)),
        read("/me/orders", "orders", "/my/orders", OrderList, "My orders"),
        read("/me/messages", "notify", "/my/messages", Messages, "What was sent to me"),
        read("/me/disclosures", "sharing", "/my/disclosures", Disclosures, "Who got my data"),
        read("/me/cases", "retention", "/cases", Cases, "My requests"),
        read("/me/cases/{case}", "retention", "/cases/{case}", Case, "One request of mine"),
    ]


def _rights(own: _Self) -> Sequence[Route]:
    return [
        Route(
            "POST",
            "/me/copies",
            "rights",
            VISITOR,
            in_session(own.copy),
            answer=Case,
            status=201,
            summary="Ask for a copy",
        ),
        Route(
            "GET",
            "/me/copies/{case}/download",
            "rights",
            VISITOR,
            in_session(own.download),
            summary="The copy as JSON",
        ),
        Route(
            "POST",
            "/me/erasure",
            "rights",
            VISITOR,
            in_session(own.erase),
            body=Erasure,
            answer=Case,
            status=201,
            summary="Be forgotten",
        ),
    ]
