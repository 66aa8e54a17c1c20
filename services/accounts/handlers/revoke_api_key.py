"""An owner takes a key back: every service refuses it within two seconds (W-60, G-71)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from contracts.accounts.events import ActorRevokedV1
from services.accounts.store import api_keys


class RevokeApiKey:
    """DELETE /organisation/keys/{api_key}."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Answer | Refused:
        """204; or key-not-here, also for that of another organisation."""
        key = UUID(call.path["api_key"])
        async with self._work("organiser_service", call.actor, call.reason) as tx:
            tx.saw_nobody()
            if not await api_keys.remove(tx, key):
                return Refused("key-not-here")
            await tx.announce(ActorRevokedV1(actor=key))
        return Answer(None, status=204)
