"""Who looked: no look without its entry, none that anybody can read or change, none beyond the limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from chassis.faults import PurposeRefused
from chassis.housekeeping import expire_technical
from chassis.reason import Reason
from chassis.testing import SetClock
from chassis.work import Limits, LookUnsaid, Workplace, pools_of
from contracts.actors import SYSTEM, Actor, Role
from contracts.looks import ReasonCode
from tests.chassis.database.conftest import Toy

ADA, BEN, EVE = UUID(int=1), UUID(int=2), UUID(int=3)
CLERK = Actor(Role.FINANCE, UUID("f0000000-0000-4000-8000-000000000001"))
THEATRE = Actor(Role.ORGANISER, uuid4(), UUID("a0000000-0000-4000-8000-000000000001"))
ASKED = Reason(ReasonCode.CUSTOMER_ASKED)
BOOKS, ADMINISTRATION = "bookkeeping", "co_presentation_administration"
WHO = "SELECT subject FROM access_subject WHERE entry = e.id ORDER BY subject"
LOG = f"SELECT e.*, array({WHO}) AS who FROM access_entry e"


async def look(work: Workplace, *subjects: UUID, reason: Reason | None = ASKED) -> None:
    async with work(BOOKS, CLERK, reason) as tx:
        tx.saw(subjects)


async def listing(work: Workplace, count: int, by: Actor = THEATRE, about: UUID | None = None) -> str | None:
    """A list of so many people; the slug where it was refused."""
    async with work(ADMINISTRATION, by) as tx:
        refused = await tx.saw_many([uuid4() for _ in range(count)], about or uuid4())
    return refused.slug if refused else None


@pytest.fixture
async def narrow(toy: Toy, work: Workplace, clock: SetClock) -> AsyncIterator[Workplace]:
    """The same tables, with 3 people in an answer and 5 in an hour."""
    place = Workplace(pools_of(toy.database, toy.charter), toy.charter, clock, Limits(3, 5))
    yield place
    await place.close()


@pytest.mark.requirement("G-71")
async def test_a_look_is_kept_with_what_it_was_for(toy: Toy, work: Workplace, clock: SetClock) -> None:
    case = uuid4()
    await look(work, ADA, reason=Reason(ReasonCode.LEGAL_DEMAND, case))
    [kept] = await toy.look(LOG)
    told = {
        name: kept[name] for name in ("at", "actor", "role", "organisation", "purpose", "reason", "case_id")
    }
    assert told == {
        "at": clock.now(),
        "actor": CLERK.id,
        "role": "finance",
        "organisation": None,
        "purpose": "bookkeeping",
        "reason": "legal-demand",
        "case_id": case,
    }
    assert (kept["kind"], kept["seen"], kept["who"]) == ("one", 1, [ADA])


async def test_a_list_is_one_entry_with_everybody_in_it(toy: Toy, work: Workplace) -> None:
    async with work(ADMINISTRATION, THEATRE) as tx:
        assert await tx.saw_many([BEN, ADA, BEN]) is None
    [kept] = await toy.look(LOG)
    assert (kept["kind"], kept["seen"], kept["who"]) == ("list", 2, [ADA, BEN])
    assert (kept["role"], kept["organisation"]) == ("organiser", THEATRE.organisation)


async def test_all_looks_of_a_transaction_are_one_entry(toy: Toy, work: Workplace) -> None:
    async with work(BOOKS, CLERK, ASKED) as tx:
        tx.saw([ADA])
        tx.saw([BEN])
    [kept] = await toy.look(LOG)
    assert kept["who"] == [ADA, BEN]


async def test_a_search_that_finds_nobody_is_a_look(toy: Toy, work: Workplace) -> None:
    await look(work)
    [kept] = await toy.look(LOG)
    assert (kept["seen"], kept["who"]) == (0, [])


@pytest.mark.requirement("G-71")
async def test_who_forgets_to_say_whom_they_saw_saw_and_wrote_nothing(toy: Toy, work: Workplace) -> None:
    insert = (
        "INSERT INTO invoice (invoice_id, subject_id, payer, paid_on) VALUES ($1, $2, 'Ada', '2026-03-01')"
    )
    with pytest.raises(LookUnsaid):
        async with work(BOOKS, CLERK, ASKED) as tx:
            await tx.execute(insert, uuid4(), ADA)
    assert await toy.look("SELECT FROM invoice") == []
    with pytest.raises(ValueError, match="needs a transaction"):
        work.once(BOOKS, CLERK)


async def test_a_look_needs_a_reason(toy: Toy, work: Workplace) -> None:
    with pytest.raises(ValueError, match="gives no reason"):
        await look(work, ADA, reason=None)
    assert await toy.look(LOG) == []


async def test_what_is_rolled_back_was_not_looked_at(toy: Toy, work: Workplace) -> None:
    with pytest.raises(KeyError):
        async with work(BOOKS, CLERK, ASKED) as tx:
            tx.saw([ADA])
            raise KeyError
    assert await toy.look(LOG) == []


async def test_visitors_and_the_house_itself_leave_no_entry_and_need_no_word(
    toy: Toy, work: Workplace
) -> None:
    for actor in (Actor(Role.VISITOR, ADA), SYSTEM):
        async with work("rights", actor) as tx:
            tx.saw([ADA])
    async with work(BOOKS, SYSTEM):
        pass
    assert await toy.look(LOG) == []


async def test_nobody_seen_is_a_word_and_no_entry(toy: Toy, work: Workplace) -> None:
    async with work(BOOKS, CLERK) as tx:
        tx.saw_nobody()
    assert await toy.look(LOG) == []


@pytest.mark.requirement("W-31")
async def test_what_goes_to_a_recipient_is_kept_as_theirs(toy: Toy, work: Workplace) -> None:
    assert THEATRE.organisation is not None
    async with work(BOOKS, SYSTEM) as tx:
        tx.handed(THEATRE.organisation, [ADA], "contract_exchange")
    [kept] = await toy.look(LOG)
    assert (kept["kind"], kept["role"], kept["organisation"]) == ("export", "organiser", THEATRE.organisation)
    assert (kept["purpose"], kept["who"]) == ("contract_exchange", [ADA])


@pytest.mark.requirement("G-71")
async def test_bulk_has_a_limit_for_one_answer_and_for_an_hour(narrow: Workplace, clock: SetClock) -> None:
    assert await listing(narrow, 4) == "too-many-looked-at"
    assert await listing(narrow, 3) is None
    assert await listing(narrow, 3) == "too-many-looked-at"
    assert await listing(narrow, 2) is None
    assert await listing(narrow, 1) == "too-many-looked-at"
    other = Actor(Role.ORGANISER, uuid4(), THEATRE.organisation)
    assert await listing(narrow, 3, other) is None
    clock.move(timedelta(hours=1))
    assert await listing(narrow, 3) is None


async def test_the_same_list_again_counts_once(narrow: Workplace) -> None:
    concert = uuid4()
    for _ in range(5):
        assert await listing(narrow, 3, about=concert) is None
    assert await listing(narrow, 2) is None
    assert await listing(narrow, 1) == "too-many-looked-at"


async def test_a_refused_list_leaves_no_entry(toy: Toy, narrow: Workplace) -> None:
    await listing(narrow, 4)
    assert await toy.look(LOG) == []


async def test_a_role_without_bulk_cannot_list(toy: Toy, work: Workplace) -> None:
    with pytest.raises(PurposeRefused):
        async with work(BOOKS, CLERK, ASKED) as tx:
            await tx.saw_many([ADA])
    assert await toy.look(LOG) == []


@pytest.mark.requirement("W-11")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT id FROM access_entry",
        "SELECT actor FROM access_entry",
        "SELECT subject FROM access_subject",
        "UPDATE access_entry SET reason = 'complaint'",
        "UPDATE access_subject SET subject = gen_random_uuid()",
        "DELETE FROM access_entry",
        "DELETE FROM access_subject",
        "TRUNCATE access_entry",
        "SELECT hash FROM access_seal",
        "UPDATE access_seal SET hash = ''",
        "DELETE FROM access_hash",
    ],
)
async def test_who_looks_can_neither_read_nor_change_the_log(work: Workplace, sql: str) -> None:
    await look(work, ADA)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with work(BOOKS, CLERK, ASKED) as tx:
            await tx.execute(sql)


@pytest.mark.requirement("W-11")
@pytest.mark.parametrize(("purpose", "actor"), [("newsletter", CLERK.id), (BOOKS, ADA)])
async def test_nobody_writes_a_look_in_anothers_name(work: Workplace, purpose: str, actor: UUID) -> None:
    forged = """INSERT INTO access_entry (id, at, actor, role, purpose, kind, seen, salt, hash)
    VALUES (gen_random_uuid(), now(), $1, 'finance', $2, 'one', 0, '', '')"""
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with work(BOOKS, CLERK, ASKED) as tx:
            await tx.execute(forged, actor, purpose)


async def seen_by(work: Workplace, actor: Actor, sql: str) -> list[Any]:
    async with work("rights", actor) as tx:
        return await tx.fetch(sql)


@pytest.mark.requirement("W-40")
async def test_a_visitor_sees_looks_at_themselves_and_never_who_of_the_staff_it_was(work: Workplace) -> None:
    await look(work, ADA)
    await look(work, BEN)
    sql = "SELECT e.id, s.subject FROM access_subject s JOIN access_entry e ON e.id = s.entry"
    assert [row["subject"] for row in await seen_by(work, Actor(Role.VISITOR, ADA), sql)] == [ADA]
    assert await seen_by(work, Actor(Role.VISITOR, EVE), sql) == []
    assert await seen_by(work, Actor(Role.VISITOR, EVE), "SELECT id FROM access_entry") == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await seen_by(work, Actor(Role.VISITOR, ADA), "SELECT actor FROM access_entry")


@pytest.mark.requirement("W-20")
async def test_looks_go_when_their_year_is_over_and_no_job_can_let_go_of_younger_ones(
    toy: Toy, work: Workplace, clock: SetClock
) -> None:
    await look(work, ADA)
    clock.move(timedelta(days=400))
    await expire_technical(work)
    # The job's clock alone does not do: PostgreSQL's own says that the entry is younger than a year.
    assert len(await toy.look(LOG)) == 1
    await toy.look("UPDATE access_entry SET at = at - interval '5 years'")
    await toy.look("UPDATE access_subject SET at = at - interval '5 years'")
    await expire_technical(work)
    assert await toy.look("SELECT FROM access_entry UNION ALL SELECT FROM access_subject") == []
