"""The house sees which organisations wait for it, and what each says of itself (W-01, W-03)."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.organisations import OrganisationFile, Organisations
from services.accounts.store import organisations

MOST = 1000


class ShowOrganisations:
    """GET /organisations and /organisations/{organisation}."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def all(self, call: Call) -> Organisations:
        """At most a thousand, those to look at first; who signed them up is not in the list."""
        async with self._work("trader_tracing", call.actor, call.reason) as tx:
            tx.saw_nobody()
            return Organisations(organisations=await organisations.listed(tx, MOST))

    async def one(self, call: Call) -> OrganisationFile | Refused:
        """Everything that it said; or organisation-not-here."""
        organisation = UUID(call.path["organisation"])
        async with self._work("trader_tracing", call.actor, call.reason) as tx:
            found = await organisations.listed(tx, 1, organisation)
            row = await organisations.file(tx, organisation)
            contact = row["subject_id"] if row else None
            tx.saw([contact] if contact else [])
        if not found or row is None:
            return Refused("organisation-not-here")
        return OrganisationFile(
            listed=found[0],
            ground=row["ground"],
            facts=organisations.facts_of(row),
            iban=row["iban"],
            contact_name=row["contact_name"],
            contact_email=row["contact_email"],
        )
