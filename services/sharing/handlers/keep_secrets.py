"""Secrets go under the newest key, and one that was replaced goes after a week (W-60)."""

from __future__ import annotations

from datetime import timedelta

from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.sharing.domain.purposes import EXCHANGE
from services.sharing.secret_box import SecretBox
from services.sharing.store import endpoint_secrets

TOGETHER = timedelta(days=7)


class KeepSecrets:
    """The clock."""

    def __init__(self, work: Workplace, box: SecretBox) -> None:
        self._work = work
        self._box = box

    async def __call__(self) -> None:
        """Move what still stands beside an address, seal anew what an older key sealed, drop what is over."""
        async with self._work(EXCHANGE, SYSTEM) as tx:
            for organisation, sealed in await endpoint_secrets.beside(tx):
                for secret in self._box.opened_before(organisation, sealed):
                    await endpoint_secrets.add(tx, self._box.seal(organisation, secret, tx.now))
                await endpoint_secrets.moved(tx, organisation)
            for row in await endpoint_secrets.under_older_keys(tx, self._box.newest):
                opened = self._box.open(row)
                await endpoint_secrets.reseal(
                    tx, self._box.seal(row.organisation, opened, row.made_at, row.id)
                )
            await endpoint_secrets.drop_old(tx, tx.now, TOGETHER)
