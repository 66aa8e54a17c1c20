"""Whoever signed an organisation up sees how that stands, also after it was refused (W-01)."""

from __future__ import annotations

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.organisations import Standing
from services.accounts.store import organisations


class ShowSignUp:
    """GET /organisations/mine."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Standing | Refused:
        """The last one; or sign-up-unknown."""
        async with self._work("trader_tracing", call.actor) as tx:
            return await organisations.mine(tx, call.actor.id) or Refused("sign-up-unknown")
