"""An owner says anew what the organisation is; all owners are told, and the house looks again (W-03)."""

from __future__ import annotations

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.events import OrganisationChangedV1
from contracts.accounts.organisations import ChangeOrganisation, Organisation
from services.accounts.ordering import order_notice
from services.accounts.organising import said_of, shown
from services.accounts.store import organisations, team

UNKNOWN = Refused("organisation-not-here")


class ChangeOwnOrganisation:
    """PUT /organisation."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Organisation | Refused:
        """The organisation as it is now; or iban-wrong, registration-wrong, organisation-not-here,
        organisation-stands-still where it is suspended."""
        asked: ChangeOrganisation = call.body
        async with self._work("organiser_service", call.actor, call.reason) as tx:
            return await _changed(tx, asked) or await shown(tx)


async def _changed(tx: Work, asked: ChangeOrganisation) -> Refused | None:
    """Keep it and tell of it; or why not."""
    tx.saw_nobody()
    organisation = tx.actor.organisation
    assert organisation is not None, "the purpose is bound to an organisation"
    row = await organisations.own(tx, organisation, tx.actor.id)
    if row is None:
        return UNKNOWN
    if row["state"] != "verified":
        return Refused("organisation-stands-still")
    said = said_of(asked, asked.iban or row["iban"] or "")
    if isinstance(said, Refused):
        return said
    await organisations.say_anew(tx, organisation, tx.actor.id, said.value, tx.now)
    if asked.name != row["name"]:
        told = OrganisationChangedV1(organisation=organisation, name=asked.name, version=row["version"] + 1)
        await tx.announce(told)
    for subject, owner in (await team.people_of(tx, organisation)).items():
        if owner:
            await order_notice(tx, subject, "organisation_changed")
    return None
