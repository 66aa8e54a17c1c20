"""The API of one's account: opening it, finding the way back in, what protects it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from pydantic import BaseModel

from chassis.decision import Refused
from chassis.routes import Answer, Call, Route
from contracts.accounts import api
from contracts.accounts.claims import Claimed
from services.gateway.domain.session import Session
from services.gateway.entrypoints.api_self import ANYONE, VISITOR, entered
from services.gateway.entrypoints.arriving import arriving
from services.gateway.entrypoints.bodies import (
    AccountOpened,
    EmailWished,
    LinkKept,
    MailboxAsked,
    PasswordChanged,
    PasswordRenewed,
    Visit,
)
from services.gateway.entrypoints.passage import Outcome, in_session, session_of, told
from services.gateway.entrypoints.table import Table
from services.gateway.handlers.carry_wishes import CARRIED
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.keep_guest import keep_guest
from services.gateway.handlers.log_in import log_in
from services.gateway.neighbours.caller import Question

MISSING = Refused("session-missing")


class _Account:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def register(self, call: Call) -> Outcome:
        return await self._ask_letter(call, "/registrations")

    async def reset(self, call: Call) -> Outcome:
        return await self._ask_letter(call, "/password-resets")

    async def open(self, call: Call) -> Outcome:
        asked: AccountOpened = call.body
        body = api.OpenAccount(
            token=asked.token,
            name=asked.name,
            password=asked.password,
            locale=call.language,
            origin=arriving().origin,
        )
        return await self._enter(call, "/accounts", body)

    async def renew(self, call: Call) -> Outcome:
        asked: PasswordRenewed = call.body
        origin = arriving().origin
        body = api.NewPassword(token=asked.token, password=asked.password, origin=origin)
        return await self._enter(call, "/passwords", body)

    async def show(self, call: Call, session: Session) -> Outcome:
        if session.secret is None:
            return MISSING
        asked = self._question(call, "POST", "/account", api.Mine(secret=session.secret))
        return told(await self._desk.neighbours.ask(asked, api.Account))

    async def change_password(self, call: Call, session: Session) -> Outcome:
        asked: PasswordChanged = call.body
        if session.secret is None:
            return MISSING
        body = api.ChangePassword(secret=session.secret, current=asked.current, password=asked.password)
        return await self._tell(call, "PUT", "/account/password", body, 204)

    async def change_email(self, call: Call, session: Session) -> Outcome:
        asked: EmailWished = call.body
        if session.secret is None:
            return MISSING
        body = api.ChangeEmail(secret=session.secret, email=asked.email, password=asked.password)
        return await self._tell(call, "POST", "/account/email", body, 202)

    async def keep_guest(self, call: Call, session: Session) -> Outcome:
        return told(await keep_guest(self._desk, session, call.body.link, call.language))

    async def end(self, call: Call, session: Session) -> Outcome:
        if session.secret is None:
            return MISSING
        one = call.path.get("session")
        body = api.EndSessions(secret=session.secret, session=UUID(one) if one else None)
        return await self._tell(call, "POST", "/account/sessions", body, 204)

    async def _ask_letter(self, call: Call, path: str) -> Outcome:
        asked: MailboxAsked = call.body
        body = api.AskLetter(email=asked.email, locale=call.language, origin=arriving().origin)
        return await self._tell(call, "POST", path, body, 202)

    async def _enter(self, call: Call, path: str, body: BaseModel) -> Outcome:
        question = self._question(call, "POST", path, body)
        return entered(await log_in(self._desk, question, session_of(call)))

    async def _tell(self, call: Call, method: str, path: str, body: BaseModel, status: int) -> Outcome:
        declined = await self._desk.neighbours.tell(self._question(call, method, path, body))
        return Answer(None, status) if declined is None else told(declined)

    def _question(self, call: Call, method: str, path: str, body: BaseModel) -> Question:
        return Question("accounts", method, path, body=body, language=call.language)


def routes(desk: Desk) -> Sequence[Route]:
    """Routes of the account; what concerns one's own needs the session of a log-in."""
    own, anybody, known = _Account(desk), Table(desk, "account"), Table(desk, "account", ANYONE)
    entering = Table(desk, "account", also=CARRIED)
    letters, judge = "accounts /letters", "accounts /passwords/strength"
    read, strength, end = api.ReadLetter, api.Strength, in_session(own.end)
    return [
        anybody.row("POST /registrations", own.register, "Ask for an account", body=MailboxAsked, status=202),
        anybody.row("POST /password-resets", own.reset, "Ask for a password", body=MailboxAsked, status=202),
        anybody.passed("POST /letters", letters, "What a letter is for", api.Letter, body=read),
        entering.row("POST /accounts", own.open, "Open an account", Visit, body=AccountOpened, status=201),
        entering.row("POST /passwords", own.renew, "New password", Visit, body=PasswordRenewed, status=201),
        anybody.passed("POST /emails", "accounts", "Agree to an address", api.EmailChange, body=read),
        anybody.passed("POST /passwords/strength", judge, "Judge a password", strength, body=api.Judge),
        known.row("GET /me/account", in_session(own.show), "What protects my account", api.Account),
        known.row(
            "PUT /me/password",
            in_session(own.change_password),
            "Change my password",
            body=PasswordChanged,
            status=204,
        ),
        known.row(
            "POST /me/email", in_session(own.change_email), "Change my address", body=EmailWished, status=202
        ),
        Table(desk, "rights", VISITOR).row(
            "POST /me/guests", in_session(own.keep_guest), "Keep a guest's order", Claimed, body=LinkKept
        ),
        known.row("DELETE /me/sessions", end, "Log out everywhere else", status=204),
        known.row("DELETE /me/sessions/{session}", end, "Log out one device", status=204),
    ]
