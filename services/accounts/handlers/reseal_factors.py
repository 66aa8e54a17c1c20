"""Secrets of apps go under the newest key, so that an older one may be thrown away (W-60)."""

from chassis.sealing import Keyring
from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.accounts.handlers.prove_factor import place_of
from services.accounts.store import factors


class ResealFactors:
    """The clock: some hundred at a time, nothing where all are under the newest key."""

    def __init__(self, work: Workplace, keys: Keyring) -> None:
        self._work = work
        self._keys = keys

    async def __call__(self) -> None:
        """Seal anew what an older key sealed."""
        async with self._work("account", SYSTEM) as tx:
            for row in await factors.under_older_keys(tx, self._keys.newest):
                place = place_of(row.subject)
                id, sealed = self._keys.seal(self._keys.open(row.key_id, row.sealed, place), place)
                await factors.reseal(tx, row, id, sealed)
