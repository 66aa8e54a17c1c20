"""Who looked at me: newest first, a page at a time, one's own only, and never who of the staff it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chassis.looks import PAGE, NameOf, looks_route, unnamed
from chassis.routes import Call
from chassis.testing import SetClock
from chassis.work import Sql, Workplace
from contracts.actors import Actor, Role
from contracts.looks import Looks, LooksBefore, ReasonCode
from tests.chassis.database.test_access import ADA, BEN, CLERK, THEATRE, look


async def at_me(
    work: Workplace, subject: UUID = ADA, before: UUID | None = None, name_of: NameOf = unnamed
) -> Looks:
    asked = LooksBefore(before=before)
    call = Call(Actor(Role.VISITOR, subject), {}, asked, None, "nl", None, "r", None)
    answer: Any = await looks_route(work, name_of).handle(call)
    assert isinstance(answer, Looks)
    return answer


@pytest.mark.requirement("W-40")
async def test_a_person_reads_in_which_role_why_and_for_what_they_were_looked_at(work: Workplace) -> None:
    await look(work, ADA)
    [seen] = (await at_me(work)).looks
    assert (seen.role, seen.purpose, seen.reason) == (Role.FINANCE, "bookkeeping", ReasonCode.CUSTOMER_ASKED)
    assert str(CLERK.id) not in seen.model_dump_json()
    assert (await at_me(work, BEN)).looks == ()


async def test_an_organisation_is_named_where_its_name_is_known(work: Workplace) -> None:
    async def name_of(_: Sql, organisation: UUID) -> str | None:
        return "Proefhuis" if organisation == THEATRE.organisation else None

    async with work("co_presentation_administration", THEATRE) as tx:
        await tx.saw_many([ADA, BEN])
    [seen] = (await at_me(work, name_of=name_of)).looks
    assert (seen.organisation, seen.organisation_name) == (THEATRE.organisation, "Proefhuis")
    assert seen.kind == "list"
    assert (await at_me(work)).looks[0].organisation_name is None


async def test_looks_come_newest_first_and_page_by_page(work: Workplace, clock: SetClock) -> None:
    for _ in range(PAGE + 3):
        await look(work, ADA)
        clock.move(timedelta(seconds=1))
    first = await at_me(work)
    rest = await at_me(work, before=first.before)
    assert (len(first.looks), len(rest.looks), rest.before) == (PAGE, 3, None)
    moments = [seen.at for seen in (*first.looks, *rest.looks)]
    assert moments == sorted(moments, reverse=True)
    assert len(set(moments)) == PAGE + 3
