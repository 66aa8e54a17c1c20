"""What an organisation says of itself, as it is read when it comes in and shown to its own people."""

from __future__ import annotations

from chassis.decision import Accepted, Refused
from chassis.work import Work
from contracts.accounts.organisations import Facts, Organisation
from services.accounts.registers import read_iban, read_registration
from services.accounts.store import organisations
from services.accounts.store.organisations import Said

IBAN_END = 4


def said_of(facts: Facts, iban: str) -> Accepted[Said] | Refused:
    """What was said, its numbers read as registers write them; or iban-wrong, registration-wrong."""
    account, registration = read_iban(iban), read_registration(facts.registration, facts.country)
    if account is None:
        return Refused("iban-wrong")
    return (
        Refused("registration-wrong")
        if registration is None
        else Accepted(Said(facts, registration, account))
    )


async def shown(tx: Work) -> Organisation | Refused:
    """The actor's organisation, with its contact person as the only one who is seen."""
    assert tx.actor.organisation is not None, "the purpose is bound to an organisation"
    row = await organisations.own(tx, tx.actor.organisation, tx.actor.id)
    if row is None:
        tx.saw_nobody()
        return Refused("organisation-not-here")
    tx.saw({row["subject_id"]} - {None, tx.actor.id})
    return Organisation(
        id=row["id"],
        name=row["name"],
        state=row["state"],
        ground=row["ground"],
        facts=organisations.facts_of(row),
        iban_end=row["iban"][-IBAN_END:] if row["iban"] else None,
        said_at=row["said_at"],
        contact=row["contact_name"],
        mine="owner" if row["owner"] else "member",
    )
