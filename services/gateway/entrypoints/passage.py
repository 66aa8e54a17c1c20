"""Routes that pass on to one service: the service decides, the gateway adds who asks."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TypeVar

from pydantic import BaseModel

from chassis.decision import Refused
from chassis.routes import Answer, Call, Handle
from services.gateway.domain.session import Session
from services.gateway.entrypoints.cookies import set_cookie
from services.gateway.handlers.desk import Cookie, Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting

T = TypeVar("T", bound=BaseModel)
Outcome = BaseModel | Refused | Answer
Representing = Callable[[Desk, Session], Awaitable[Acting]]
"""As whom a session asks: itself, or the guest who placed an order in it."""
PROBLEM = "application/problem+json"


def told(outcome: T | Declined) -> T | Refused | Answer:
    """An answer as it is; a neighbour's problem as it came; our own problem by its slug."""
    if not isinstance(outcome, Declined):
        return outcome
    if not outcome.title:
        return Refused(outcome.slug, outcome.facts)
    return Answer(json.dumps(outcome.document).encode(), outcome.status, PROBLEM, retry_after(outcome))


def retry_after(declined: Declined) -> dict[str, str]:
    """The header that says when to try again, in seconds, where a refusal is about time."""
    wait = declined.facts.get("retry_after", 2 if declined.status == 503 else None)
    return {} if wait is None else {"Retry-After": str(wait)}


def begun(outcome: Outcome, cookie: Cookie, status: int = 200) -> Answer:
    """An outcome that begins a visit, also where it is a refusal: who waits keeps their place by it."""
    answer = outcome if isinstance(outcome, Answer) else Answer(outcome, status)
    return replace(answer, headers={**answer.headers, **set_cookie(cookie)})


def session_of(call: Call) -> Session | None:
    """The session that the middleware found, or None."""
    return call.visit if isinstance(call.visit, Session) else None


def in_session(handle: Callable[[Call, Session], Awaitable[Outcome]]) -> Handle:
    """A handler for visits only: without a session it says that the visit has ended."""

    async def around(call: Call) -> Outcome:
        session = session_of(call)
        return Refused("session-missing") if session is None else await handle(call, session)

    return around


async def as_session(_: Desk, session: Session) -> Acting:
    """Whoever the session belongs to asks in its name."""
    return Acting(session)


def passage(
    desk: Desk, asked: tuple[str, str, str], answer: type[BaseModel] | None, representing: Representing
) -> Handle:
    """A handler that asks (service, method, path) in the session's name; path variables keep their names.

    Without an `answer` there is nothing to tell but that it was done: 204.
    """
    service, method, path = asked

    async def handle(call: Call) -> Outcome:
        session = session_of(call)
        question = Question(
            service,
            method,
            path.format_map(call.path),
            None if session is None else await representing(desk, session),
            call.body,
            _query(call),
            call.language,
            call.idempotency_key,
            call.reason,
        )
        if answer is not None:
            return told(await desk.neighbours.ask(question, answer))
        declined = await desk.neighbours.tell(question)
        return Answer(None, 204) if declined is None else told(declined)

    return handle


def _query(call: Call) -> dict[str, str]:
    if call.query is None:
        return {}
    return {key: str(value) for key, value in call.query.model_dump(mode="json", exclude_none=True).items()}
