"""Several look in one transaction: each leaves an entry in their own name, or none of them saw anything."""

from __future__ import annotations

from uuid import uuid4

import pytest

from chassis.faults import PurposeRefused
from chassis.reason import Reason
from chassis.together import Looker, together
from chassis.work import LookUnsaid, Workplace
from contracts.actors import Actor, Role
from contracts.looks import ReasonCode
from tests.chassis.database.conftest import Toy
from tests.chassis.database.test_access import (
    ADA,
    ADMINISTRATION,
    ASKED,
    BEN,
    BOOKS,
    CLERK,
    EVE,
    LOG,
    THEATRE,
)

OTHER = Actor(Role.FINANCE, uuid4())
DEMANDED = Reason(ReasonCode.LEGAL_DEMAND, uuid4())
BOTH = [Looker(CLERK, ASKED), Looker(OTHER, DEMANDED), Looker(CLERK, ASKED)]


@pytest.mark.requirement("G-71")
async def test_each_look_has_an_entry_of_its_own_in_the_name_of_who_looked(toy: Toy, work: Workplace) -> None:
    async with together(work, BOOKS, BOTH) as tx:
        for eye, seen in zip(tx.eyes, ([ADA], [BEN, EVE], []), strict=True):
            eye.saw(seen)
    kept = {(row["actor"], row["reason"], tuple(row["who"])) for row in await toy.look(LOG)}
    assert kept == {
        (CLERK.id, "customer-asked", (ADA,)),
        (OTHER.id, "legal-demand", (BEN, EVE)),
        (CLERK.id, "customer-asked", ()),
    }


@pytest.mark.requirement("G-71")
async def test_one_who_says_nothing_takes_all_of_it_back(toy: Toy, work: Workplace) -> None:
    insert = "INSERT INTO invoice (invoice_id, subject_id, payer, paid_on) VALUES ($1, $2, 'A', '2026-03-01')"
    with pytest.raises(LookUnsaid):
        async with together(work, BOOKS, BOTH) as tx:
            await tx.execute(insert, uuid4(), ADA)
            tx.eyes[0].saw([ADA])
            tx.eyes[2].saw_nobody()
    assert await toy.look("SELECT FROM invoice") == []
    assert await toy.look(LOG) == []


async def test_what_is_seen_is_said_through_the_eyes_of_one_of_them(work: Workplace) -> None:
    with pytest.raises(ValueError, match="whose eyes"):
        async with together(work, BOOKS, BOTH) as tx:
            tx.saw([ADA])
    with pytest.raises(ValueError, match="gives no reason"):
        async with together(work, BOOKS, [Looker(CLERK, None)]) as tx:
            tx.eyes[0].saw([ADA])


async def test_who_may_not_act_for_the_purpose_cannot_slip_in_between_others(work: Workplace) -> None:
    stranger = Looker(Actor(Role.STEWARD, uuid4()), ASKED)
    with pytest.raises(PurposeRefused):
        async with together(work, BOOKS, [*BOTH, stranger]):
            pass
    with pytest.raises(ValueError, match="bound to an organisation"):
        async with together(work, ADMINISTRATION, [Looker(THEATRE, None)]):
            pass
