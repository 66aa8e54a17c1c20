"""The API of a person's own data: log-in, correction, choices, copy, erasure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.routes import Answer, Call, Route
from contracts.accounts.api import ChoiceRequest, Choices, Correction, Person
from contracts.accounts.profile import Profile
from contracts.actors import PEOPLE, Role
from contracts.notify.api import Messages
from contracts.orders.api import OrderList
from contracts.retention.api import Case, Cases, OpenCase
from contracts.sharing.api import Disclosures
from services.gateway.domain.session import Session
from services.gateway.entrypoints.arriving import arriving
from services.gateway.entrypoints.bodies import Credentials, Erasure, LooksAfter, MyLooks, Visit
from services.gateway.entrypoints.cookies import drop_cookie, set_cookie
from services.gateway.entrypoints.passage import Outcome, in_session, session_of, told
from services.gateway.entrypoints.table import Table
from services.gateway.handlers.act_for_order import act_for_self
from services.gateway.handlers.carry_wishes import CARRIED
from services.gateway.handlers.desk import Cookie, Desk
from services.gateway.handlers.download_copy import FILE_HEADERS, download_copy
from services.gateway.handlers.log_in import log_in
from services.gateway.handlers.log_out import log_out
from services.gateway.handlers.open_case import open_case
from services.gateway.handlers.see_looks import see_looks
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined

VISITOR = frozenset({Role.VISITOR})
ANYONE = PEOPLE


class _Self:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def log_in(self, call: Call) -> Outcome:
        question = call.body.question(arriving().origin, call.language)
        return entered(await log_in(self._desk, question, session_of(call)))

    async def who(self, _: Call, session: Session) -> Outcome:
        return visit_of(session)

    async def log_out(self, call: Call) -> Outcome:
        session = session_of(call)
        if session is not None:
            await log_out(self._desk, session)
        return Answer(None, 204, headers=drop_cookie())

    async def copy(self, call: Call, session: Session) -> Outcome:
        return await self._open(call, session, OpenCase(kind="copy"))

    async def restrict(self, call: Call, session: Session) -> Outcome:
        return await self._open(call, session, OpenCase(kind="restriction"))

    async def erase(self, call: Call, session: Session) -> Outcome:
        wanted = OpenCase(kind="erasure", understood=call.body.understood)
        return await self._open(call, session, wanted)

    async def looks(self, call: Call, session: Session) -> Outcome:
        acting, asked = await act_for_self(self._desk, session), call.query
        seen = await see_looks(self._desk, acting, asked.model_dump(exclude_none=True), call.language)
        if isinstance(seen, Declined):
            return told(seen)
        before = None if seen.before is None else LooksAfter(**seen.before)
        return MyLooks(looks=seen.looks, away=seen.away, before=before)

    async def download(self, call: Call, session: Session) -> Outcome:
        acting = await act_for_self(self._desk, session)
        got = await download_copy(self._desk, acting, UUID(call.path["case"]), call.language)
        return told(got) if isinstance(got, Declined) else Answer(got, headers=FILE_HEADERS)

    async def receipts(self, call: Call, session: Session) -> Outcome:
        acting, record = await act_for_self(self._desk, session), call.path.get("record")
        source = f"/people/me/receipts/{record}" if record else "/people/me/receipts"
        question = Question("accounts", "GET", source, acting, language=call.language)
        got = await self._desk.neighbours.fetch(question)
        return told(got) if isinstance(got, Declined) else Answer(got.content, content_type=got.content_type)

    async def _open(self, call: Call, session: Session, body: OpenCase) -> Outcome:
        acting = await act_for_self(self._desk, session)
        return told(await open_case(self._desk, acting, body, call.language))


def routes(desk: Desk) -> Sequence[Route]:
    """Routes about oneself; a guest is whoever placed the newest order of the session."""
    own = _Self(desk)
    rights = Table(desk, "rights", VISITOR, act_for_self)
    choosing = Table(desk, "keeping_choices", VISITOR, act_for_self)
    data = _data(Table(desk, "account", VISITOR, act_for_self), rights, choosing)
    return [*_sessions(desk, own), *data, *_proof(choosing, own), *_rights(rights, own)]


def entered(done: tuple[Session, Cookie] | Declined) -> Outcome:
    """A visit that begins with a log-in; the device is known from now on."""
    if isinstance(done, Declined):
        return told(done)
    session, cookie = done
    arriving().device = cookie.device
    return Answer(visit_of(session), 201, headers=set_cookie(cookie))


def visit_of(session: Session) -> Visit:
    """A session as its holder sees it."""
    return Visit(role=session.actor.role, label=session.label, expires_at=session.expires_at, due=session.due)


def _sessions(desk: Desk, own: _Self) -> Sequence[Route]:
    entering, known = Table(desk, "account", also=CARRIED), Table(desk, "account", ANYONE)
    return [
        entering.row("POST /sessions", own.log_in, "Log in", Visit, body=Credentials, status=201),
        known.row("GET /sessions/current", in_session(own.who), "Who am I", Visit),
        known.row("DELETE /sessions/current", own.log_out, "Log out", status=204),
    ]


def _data(own: Table, rights: Table, choosing: Table) -> Sequence[Route]:
    me, choices = "/people/me", "accounts /people/me/choices"
    lift = "retention /cases/{case}/lift"
    return [
        rights.passed("GET /me", f"accounts {me}", "What is known about me", Person),
        rights.passed("PATCH /me", f"accounts {me}", "Change /me", Person, body=Correction),
        own.passed("GET /me/profile", f"accounts {me}/profile", "What I added about myself", Profile),
        own.passed("PUT /me/profile", f"accounts {me}/profile", "Change /me/profile", Profile, body=Profile),
        rights.passed("GET /me/choices", choices, "My choices", Choices),
        choosing.passed("POST /me/choices", choices, "Change /me/choices", Choices, body=ChoiceRequest),
        rights.passed("GET /me/orders", "orders /my/orders", "My orders", OrderList),
        rights.passed("GET /me/messages", "notify /my/messages", "What was sent to me", Messages),
        rights.passed("GET /me/disclosures", "sharing /my/disclosures", "Who got my data", Disclosures),
        rights.passed("GET /me/cases", "retention /cases", "My requests", Cases),
        rights.passed("POST /me/cases/{case}/lift", lift, "End a restriction of mine", Case),
        rights.passed("GET /me/cases/{case}", "retention /cases/{case}", "One request of mine", Case),
    ]


def _proof(choosing: Table, own: _Self) -> Sequence[Route]:
    receipts, one = in_session(own.receipts), "Proof of one choice"
    return [
        choosing.row("GET /me/receipts", receipts, "Proof of my choices, as linked data"),
        choosing.row("GET /me/receipts/{record}", receipts, one),
    ]


def _rights(rights: Table, own: _Self) -> Sequence[Route]:
    download, erase = in_session(own.download), in_session(own.erase)
    looks = in_session(own.looks)
    return [
        rights.row("GET /me/looks", looks, "Who looked at my data, and why", MyLooks, query=LooksAfter),
        rights.row("POST /me/copies", in_session(own.copy), "Ask for a copy", Case, status=201),
        rights.row("GET /me/copies/{case}/download", download, "The copy as JSON"),
        rights.row("POST /me/restriction", in_session(own.restrict), "Only keep my data", Case, status=201),
        rights.row("POST /me/erasure", erase, "Be forgotten", Case, body=Erasure, status=201),
    ]
