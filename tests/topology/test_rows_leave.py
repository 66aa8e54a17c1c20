"""What the charters promise of terms, with rows in place: each personal column leaves when it is over."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from chassis import copying, idempotency, parking, tokens
from chassis.charter import CHASSIS_MIGRATIONS, Charter, Keep, all_charters
from chassis.forgetting import carry_out_anonymisation, carry_out_sweep
from chassis.housekeeping import JOB, expire_technical
from chassis.pools import Database
from chassis.serve import settings_for
from chassis.terms import ACTIVITY
from chassis.testing import SetClock
from chassis.work import Workplace, pools_of
from contracts.actors import SYSTEM
from deploy.local import environment
from deploy.local.instance import Instance
from deploy.local.ports import DEFAULT_BASE, Ports
from deploy.topology import database, secrets
from deploy.topology.secrets import ROOT
from tests.topology.conftest import Installation

PREFIX = "AVONDKASSA_"
BEGAN = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
CARRIES_ITS_OWN_END = {"parked": "expires_at", "idempotency_key": "expires_at", "copy_part": "expires_at"}
CARRIES_ITS_OWN_END |= {"revoked_actor": "expires_at"}
"""Rows that the chassis gives their end when it writes them; the constants below say which."""
MADE: dict[str, Callable[[], Any]] = {
    "uuid": uuid4,
    "int4": lambda: 1,
    "int8": lambda: 1,
    "float8": lambda: 1.0,
    "bool": lambda: True,
    "bytea": lambda: uuid4().bytes,
    "text": lambda: "x",
    "_text": lambda: ["x"],
    "jsonb": lambda: "{}",
    "timestamptz": lambda: BEGAN,
    "date": BEGAN.date,
    "interval": lambda: timedelta(hours=1),
}
"""A value of each type that the tables of persons use."""
LOGGED = datetime(2020, 3, 1, 12, tzinfo=UTC)
"""A log's rows leave by PostgreSQL's own clock too, so they began long before it."""
COLUMNS = """
SELECT a.attname AS name, t.typname AS type, (
    SELECT pg_get_constraintdef(c.oid) FROM pg_constraint c
    WHERE c.conrelid = a.attrelid AND c.contype = 'c' AND c.conkey = ARRAY[a.attnum]
    AND pg_get_constraintdef(c.oid) LIKE '%ARRAY[%' LIMIT 1) AS words
FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped AND a.attidentity = ''
    AND a.attgenerated = ''
"""


@dataclass(frozen=True)
class Promise:
    """One keep rule of one table."""

    charter: Charter
    table: str
    rule: str

    @property
    def keep(self) -> Keep:
        return self.charter.keep[self.rule]

    @property
    def began(self) -> datetime:
        return LOGGED if self.charter.table[self.table].on_erasure == "log" else BEGAN

    @property
    def columns(self) -> tuple[str, ...]:
        """What must be gone at the term; the subject itself where nothing else is personal."""
        entry = self.charter.table[self.table]
        return entry.rules[self.rule] or (str(entry.subject),)

    def __str__(self) -> str:
        return f"{self.charter.service}-{self.table}-{self.rule}"


def promises() -> list[Promise]:
    return [
        Promise(charter, name, rule)
        for charter in all_charters(ROOT).values()
        for name, table in charter.tables_of_persons().items()
        for rule in table.rules
    ]


@dataclass
class Place:
    """One service's database, a clock, and one row of one table."""

    installation: Installation
    promise: Promise
    work: Workplace
    clock: SetClock
    connection: Any

    async def put(self, subject: UUID) -> None:
        """A row of a person in which every column is filled, from when the promise began."""
        entry = self.promise.charter.table[self.promise.table]
        row: dict[str, Any] = {}
        for column in await self.connection.fetch(COLUMNS, self.promise.table):
            words = re.findall(r"'([^']+)'::text", column["words"] or "")
            row[column["name"]] = words[0] if words else MADE[column["type"]]()
            if column["type"] == "timestamptz":
                row[column["name"]] = self.promise.began
        row[str(entry.subject)] = subject
        if self.promise.table in CARRIES_ITS_OWN_END:
            row[CARRIES_ITS_OWN_END[self.promise.table]] = await self.end_of(self.promise.keep.term)
        names = ", ".join(f'"{name}"' for name in row)
        places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
        await self.connection.execute(
            f'INSERT INTO "{self.promise.table}" ({names}) VALUES ({places})', *row.values()
        )

    async def end_of(self, term: str) -> datetime:
        sql = f"SELECT $1::timestamptz + interval '{term}'"
        found: datetime = await self.connection.fetchval(sql, self.promise.began)
        return found

    async def left(self) -> int:
        """Rows in which something of this promise still stands."""
        filled = " OR ".join(f'"{column}" IS NOT NULL' for column in self.promise.columns)
        sql = f'SELECT count(*) FROM "{self.promise.table}" WHERE {filled}'
        return int(await self.connection.fetchval(sql))

    async def pass_to(self, at: datetime, subject: UUID) -> None:
        """Let the job that the promise names run at an instant."""
        job, charter = self.promise.keep.job, self.promise.charter
        self.clock.set(at)
        if self.promise.keep.since == ACTIVITY:
            async with self.work("storage_limitation", SYSTEM) as tx:
                await carry_out_anonymisation(tx, charter, subject, uuid4())
        elif job == "sweep":
            async with self.work("storage_limitation", SYSTEM) as tx:
                await carry_out_sweep(tx, charter, at)
        elif job == JOB:
            await expire_technical(self.work)
        else:
            await self.timer(job)

    async def timer(self, job: str) -> None:
        """A job of the service's own, with its real composition on this database."""
        name = self.promise.charter.service
        compose = import_module(f"services.{name}.app").compose
        folder = self.installation.secrets
        told = environment.of_service(Instance(folder.parent, Ports(DEFAULT_BASE)), name)
        wanted: dict[str, Any] = {key[len(PREFIX) :].lower(): value for key, value in told.items()}
        wanted |= {"secrets": folder / name, "database_port": self.installation.server.port}
        service = compose(settings_for(compose)(**wanted), self.clock)
        try:
            await next(timer for timer in service.timers if timer.name == job).run()
        finally:
            await service.workplace.close()


@asynccontextmanager
async def at(installation: Installation, promise: Promise) -> AsyncIterator[Place]:
    service, known = promise.charter.service, secrets.Secrets(installation.secrets)
    where = Database(
        "127.0.0.1",
        installation.server.port,
        database.database_of(service),
        lambda role: known.role_password(service, role),
    )
    clock = SetClock(BEGAN)
    work = Workplace(pools_of(where, promise.charter), promise.charter, clock)
    connection = await asyncpg.connect(installation.way(service))
    try:
        for table in promise.charter.tables_of_persons():
            await connection.execute(f'TRUNCATE "{table}"')
        yield Place(installation, promise, work, clock, connection)
    finally:
        await connection.close()
        await work.close()


@pytest.mark.requirement("W-20")
@pytest.mark.requirement("G-41")
@pytest.mark.parametrize("promise", promises(), ids=str)
async def test_a_personal_column_stays_until_its_term_and_not_longer(
    installation: Installation, promise: Promise
) -> None:
    subject = uuid4()
    async with at(installation, promise) as place:
        await place.put(subject)
        assert await place.left() == 1
        term = promise.keep.books_term if promise.keep.then == "books" else promise.keep.term
        end = await place.end_of(term)
        if promise.keep.since != ACTIVITY:
            await place.pass_to(end - min(DAY, (end - promise.began) / 2) - timedelta(seconds=1), subject)
            assert await place.left() == 1, "it went too early"
        await place.pass_to(end + DAY, subject)
        assert await place.left() == 0, "it is still there"


@pytest.mark.requirement("W-20")
def test_rows_that_carry_their_own_end_carry_the_charters_term() -> None:
    promised: Mapping[str, Keep] = next(iter(all_charters(ROOT).values())).keep
    assert (promised["parked"].term, parking.KEPT) == ("P7D", timedelta(days=7))
    assert (promised["one_day"].term, idempotency.KEPT, copying.KEPT) == ("P1D", DAY, DAY)
    assert promised["revocation"].term == "P1D"
    assert DAY > tokens.LIFETIME


def test_every_table_of_the_chassis_is_among_them() -> None:
    files = CHASSIS_MIGRATIONS.glob("*.sql")
    made = {name for file in files for name in re.findall(r"CREATE TABLE (\w+)", file.read_text())}
    free = {"sent", "migration", "access_seal", "access_hash"}
    assert made - free <= {promise.table for promise in promises()}
