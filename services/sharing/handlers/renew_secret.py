"""An owner renews the secret that signs messages: told once, and two count for a week (W-60)."""

from __future__ import annotations

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.sharing.api import NewSecret
from services.sharing.domain.purposes import ADMINISTRATION
from services.sharing.secret_box import SecretBox
from services.sharing.store import endpoint_secrets


class RenewSecret:
    """POST /endpoint/secret."""

    def __init__(self, work: Workplace, box: SecretBox) -> None:
        self._work = work
        self._box = box

    async def __call__(self, call: Call) -> NewSecret | Refused:
        """The secret itself, this once; or endpoint-unknown."""
        organisation = call.actor.organisation
        async with self._work(ADMINISTRATION, call.actor, call.reason) as tx:
            assert organisation is not None, "the purpose is bound to an organisation"
            tx.saw_nobody()
            if await endpoint_secrets.shown(tx, organisation) is None:
                return Refused("endpoint-unknown")
            secret = self._box.fresh()
            await endpoint_secrets.add(tx, self._box.seal(organisation, secret, tx.now))
        return NewSecret(secret=secret)
