"""A browser that objects is written down with a proof, where we know whose browser it is (Art. 21(5))."""

from __future__ import annotations

from collections import OrderedDict
from uuid import UUID

from contracts.accounts.api import Choices
from contracts.actors import Role
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting

MOST = 10_000


class HonourSignal:
    """Tells accounts once for each session and person; telling it again changes nothing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told: OrderedDict[tuple[bytes, UUID], None] = OrderedDict()

    async def __call__(self, acting: Acting, language: str) -> None:
        """Note it for a visitor whom we know; where accounts does not answer, the next page tries again."""
        known = acting.session.kind != "guest" or acting.subject is not None
        key = (acting.session.id_hash, acting.actor.id)
        if acting.actor.role is not Role.VISITOR or not known or key in self._told:
            return
        question = Question("accounts", "POST", "/people/me/signals", acting, language=language)
        done = await self._desk.neighbours.ask(question, Choices)
        if isinstance(done, Declined):
            return
        self._told[key] = None
        while len(self._told) > MOST:
            self._told.popitem(last=False)
