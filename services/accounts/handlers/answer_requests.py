"""Requests for letters are answered: only the reader of the mailbox learns whether the address is known."""

from datetime import timedelta
from uuid import uuid4

from chassis.decision import Refused
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from services.accounts.domain.letters import answer_to
from services.accounts.handlers.guard_log_in import Guard
from services.accounts.ordering import order_linked, order_notice
from services.accounts.passwords import user_key
from services.accounts.store import letters, sessions
from services.accounts.store.letters import Letter, Request


class AnswerRequests:
    """The clock, rung by each request."""

    def __init__(self, work: Workplace, guard: Guard, length: timedelta, most: int) -> None:
        """`length` is how long a link counts, `most` how many letters an address gets in a window."""
        self._work = work
        self._guard = guard
        self._length = length
        self._most = most

    async def __call__(self) -> None:
        """Answer what waits; an address that has had its letters for now gets no more."""
        async with self._work("account", SYSTEM) as tx:
            for request in await letters.take_requests(tx):
                what = f"{request.kind}\0{user_key(request.email)}"
                if not isinstance(await self._guard.may_ask(SYSTEM, what, self._most), Refused):
                    await self._answer(tx, request)

    async def _answer(self, tx: Work, request: Request) -> None:
        subject = await sessions.subject_of(tx, user_key(request.email))
        kind, until = answer_to(request.kind, subject is not None), tx.now + self._length
        if kind == "exists" and subject is not None:
            await order_notice(tx, subject, "exists")
        elif kind == "register":
            letter = Letter(uuid4(), uuid4(), kind, request.email, until)
            await order_linked(tx, kind, letter, None, request.locale)
        elif kind == "reset" and subject is not None:
            await letters.withdraw(tx, subject, ("reset",))
            letter = Letter(uuid4(), subject, kind, request.email, until)
            await order_linked(tx, kind, letter, None, request.locale)
