"""Organisations that the house verified are told to the other services, each version once (W-01)."""

from chassis.work import Workplace
from contracts.accounts.events import OrganisationVerifiedV1
from contracts.actors import SYSTEM
from services.accounts.store import organisations


class AnnounceOrganisations:
    """The clock: what a seed or a hand wrote; the house's desk tells of its decisions itself."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self) -> None:
        """Tell what was not told yet."""
        async with self._work("access_management", SYSTEM) as tx:
            for found in await organisations.unannounced(tx):
                await tx.announce(
                    OrganisationVerifiedV1(organisation=found.id, name=found.name, version=found.version)
                )
                await organisations.announced(tx, found)
