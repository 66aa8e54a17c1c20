"""No way around the rows: joins, views, functions, COPY, sequences, the catalogue, error texts, counts."""

from __future__ import annotations

import io
from uuid import UUID, uuid4

import asyncpg
import pytest

from tests.topology.conftest import Installation
from tests.walls.conftest import Opening
from tests.walls.scene import MINE, Scene

ADA, BEN, EVENING = UUID(int=0xADA), UUID(int=0xBE), UUID(int=0xE)
DOOR, TERMS, NEWS = (
    "co_presentation_door_list",
    "co_presentation_administration",
    "co_presentation_news",
)


async def two_attendees(here: Scene) -> None:
    """Ada, who objected to everything, and Ben, who said yes to everything."""
    for person, state in ((ADA, "objected"), (BEN, "given")):
        for table in ("attendee", "attendee_door", "attendee_news"):
            await here.put(table, person, order_id=person, event_id=EVENING)
        await here.put("delivery", person)
        await here.choose(person, [(purpose, None, "*", state) for purpose in (DOOR, TERMS, NEWS)])


@pytest.mark.requirement("W-45")
@pytest.mark.parametrize(
    "sql",
    [
        "SELECT a.order_id FROM attendee a JOIN attendee_door d USING (order_id, event_id, organisation_id)",
        "SELECT a.order_id FROM attendee a LEFT JOIN attendee_door d USING (order_id)",
        "SELECT order_id FROM attendee UNION SELECT order_id FROM attendee_door",
        "WITH everybody AS MATERIALIZED (SELECT order_id FROM attendee_door) SELECT order_id FROM everybody",
        "SELECT order_id FROM attendee_door WHERE order_id IN (SELECT order_id FROM attendee)",
        "SELECT d.order_id FROM attendee_door d, LATERAL (SELECT FROM attendee a LIMIT 1) one",
        "SELECT (array_agg(order_id))[1] FROM attendee_door",
        "SELECT order_id FROM attendee_door TABLESAMPLE BERNOULLI (100)",
        "UPDATE attendee_door SET name_version = 9 RETURNING order_id",
        "SELECT order_id FROM attendee_door FOR UPDATE",
    ],
)
async def test_no_statement_finds_who_objected(scene: Opening, sql: str) -> None:
    async with scene("sharing") as here:
        await two_attendees(here)
        async with here.acting(DOOR) as role:
            assert [row[0] for row in await role.fetch(sql)] == [BEN]


@pytest.mark.requirement("W-45")
async def test_copy_leaves_out_who_objected(scene: Opening) -> None:
    async with scene("sharing") as here:
        await two_attendees(here)
        out = io.BytesIO()
        async with here.acting(DOOR) as role:
            await role.copy_from_table("attendee_door", columns=["order_id"], output=out)
        assert out.getvalue().decode().split() == [str(BEN)]


@pytest.mark.parametrize(
    "condition",
    [
        "name::int > 0",
        "1 / (length(name) - length(name)) > 0",
        "name::json IS NOT NULL",
        "('x' || name)::uuid IS NOT NULL",
        "CASE WHEN name = 'hidden' THEN 1 / (name_version - name_version) ELSE 1 END > 0",
    ],
)
async def test_a_condition_that_fails_aloud_never_meets_a_hidden_row(scene: Opening, condition: str) -> None:
    async with scene("sharing") as here:
        await here.put("attendee_door", ADA, name="hidden")
        async with here.acting(DOOR) as role:
            with pytest.raises(asyncpg.DataError):
                await role.fetch(f"SELECT FROM attendee_door WHERE {condition}")
        await here.choose(ADA, [(DOOR, None, "*", "objected")])
        async with here.acting(DOOR) as role:
            assert await role.fetch(f"SELECT FROM attendee_door WHERE {condition}") == []


async def test_what_a_constraint_refuses_is_not_quoted(scene: Opening) -> None:
    """PostgreSQL quotes the row, or the key, that it refuses; not where row policies stand."""
    async with scene("orders") as here:
        row = await here.put("order_person", ADA)
        async with here.acting("rights") as role:
            with pytest.raises(asyncpg.CheckViolationError) as broken:
                await role.execute("UPDATE order_person SET version = 0")
        assert broken.value.detail is None
        again = "INSERT INTO order_person (event_id, order_id, subject_id, name, email, locale, version,"
        again += " name_version, email_version, phone_version, placed_on)"
        async with here.acting("ticket_sale") as role:
            with pytest.raises(asyncpg.UniqueViolationError) as taken:
                await role.execute(
                    again + " VALUES ($1, $2, $3, '', '', '', 1, 1, 1, 1, now())",
                    row["event_id"],
                    row["order_id"],
                    uuid4(),
                )
        assert taken.value.detail is None
        async with here.acting("rights") as role:
            with pytest.raises(asyncpg.NotNullViolationError) as empty:
                await role.execute("UPDATE order_person SET email = NULL")
        assert empty.value.detail is None


async def test_statistics_tell_no_values_of_tables_with_people(
    installation: Installation, scene: Opening
) -> None:
    for service, charter in installation.charters.items():
        people = [name for name, table in charter.table.items() if table.subject or table.organisation]
        async with scene(service) as here:
            if service == "sharing":
                await two_attendees(here)
            await here.connection.execute("ANALYZE")
            known = {row[0] for row in await here.connection.fetch("SELECT tablename FROM pg_stats")}
            assert known & set(people) or service != "sharing"
            for purpose in charter.purpose:
                async with here.acting(purpose) as role:
                    told = await role.fetch("SELECT DISTINCT tablename FROM pg_stats")
                    assert {row["tablename"] for row in told} & set(people) == set()


async def test_nobody_reads_what_others_are_asking(installation: Installation) -> None:
    other = await asyncpg.connect(installation.way("orders", "orders__rights"))
    mine = await asyncpg.connect(installation.way("orders", "orders__ticket_sale"))
    try:
        await other.fetch("SELECT 'noor@visitors.example'")
        seen = await mine.fetch("SELECT query FROM pg_stat_activity WHERE usename = 'orders__rights'")
        assert {row["query"] for row in seen} <= {"<insufficient privilege>"}
    finally:
        await other.close()
        await mine.close()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT currval('delivery_position_seq')",
        "SELECT nextval('delivery_position_seq')",
        "SELECT last_value FROM delivery_position_seq",
        "SELECT * FROM pg_statistic",
        "SELECT rolpassword FROM pg_authid",
        "COPY attendee TO '/tmp/attendees'",
        "COPY attendee TO PROGRAM 'cat'",
        "CREATE VIEW v AS SELECT 1",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE attendee DISABLE ROW LEVEL SECURITY",
        "CREATE POLICY mine ON attendee USING (true)",
        "ALTER FUNCTION now() LEAKPROOF",
        "SET session_replication_role = replica",
        "SET row_security = off; SELECT attendee_id FROM attendee",
    ],
)
async def test_no_side_door_opens(scene: Opening, sql: str) -> None:
    async with scene("sharing") as here:
        await two_attendees(here)
        async with here.acting(TERMS) as role:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await role.execute(sql)


async def test_nothing_in_the_databases_runs_for_somebody_else(installation: Installation) -> None:
    """No views, functions, triggers, rules or foreign keys at people: each could carry rows past a policy."""
    for service, charter in installation.charters.items():
        people = list(charter.tables_of_persons())
        found = await installation.run(
            service,
            "SELECT relname::text AS what FROM pg_class WHERE relkind IN ('v', 'm', 'f')"
            " AND relnamespace = 'public'::regnamespace"
            " UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
            " UNION ALL SELECT tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            f" WHERE c.relname = ANY (ARRAY{people})"
            " UNION ALL SELECT conname FROM pg_constraint WHERE contype = 'f'"
            f" AND ARRAY[conrelid::regclass::text, confrelid::regclass::text] && ARRAY{people}",
        )
        assert [row["what"] for row in found] == []


async def test_what_explain_expects_is_the_same_whoever_objected(scene: Opening) -> None:
    expected = []
    for state in ("given", "objected"):
        async with scene("sharing") as here:
            await here.put("attendee_door", ADA, MINE)
            await here.choose(ADA, [(DOOR, None, "*", state)])
            async with here.acting(DOOR) as role:
                expected.append(
                    [row[0] for row in await role.fetch("EXPLAIN SELECT name FROM attendee_door")]
                )
    assert expected[0] == expected[1]
