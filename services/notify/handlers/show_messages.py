"""Which messages the house sent to a person, for that person (W-40)."""

from __future__ import annotations

from chassis.claims import guests_of
from chassis.routes import Call
from chassis.work import Workplace
from contracts.notify.api import Messages
from services.notify.store import messages

PURPOSE = "rights"


class ShowMessages:
    """GET /my/messages."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Messages:
        """The caller's own messages, newest first."""
        sql, me = self._work.once(PURPOSE, call.actor), call.actor.id
        return Messages(messages=await messages.of_person(sql, [me, *await guests_of(sql, me)]))
