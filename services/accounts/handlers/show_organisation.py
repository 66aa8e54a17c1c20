"""The people of an organisation see what it is, how it stands, and where pay-outs go (W-03)."""

from __future__ import annotations

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.organisations import Organisation
from services.accounts.organising import shown


class ShowOrganisation:
    """GET /organisation."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Organisation | Refused:
        """The organisation of whoever asks; or organisation-not-here."""
        async with self._work("organiser_service", call.actor, call.reason) as tx:
            return await shown(tx)
