"""The people of an organisation see which keys it has, and when each was used last (W-60)."""

from __future__ import annotations

from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.keys import ApiKeys
from services.accounts.store import api_keys


class ShowApiKeys:
    """GET /organisation/keys."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> ApiKeys:
        """Every key that was not taken back, over or not."""
        async with self._work("organiser_service", call.actor, call.reason) as tx:
            tx.saw_nobody()
            return ApiKeys(keys=await api_keys.listed(tx))
