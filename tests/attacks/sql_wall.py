"""How a wall of PostgreSQL is taken down: statements of the superuser, and those that put it back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import asyncpg

from chassis.work import rows_of as rows_touched
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground


@dataclass(frozen=True)
class Down:
    """One statement that takes a part of a wall down, and the one that puts it up again."""

    loosen: str
    tighten: str

    def about(self, ground: Ground) -> Down:
        """The same with the victim's facts in it."""
        return Down(named(self.loosen, ground), named(self.tighten, ground))


def grant(words: str, on: str, to: str) -> Down:
    """A grant that no charter gave: `words` such as SELECT (phone), `on` such as order_person."""
    return Down(f'GRANT {words} ON {on} TO "{to}"', f'REVOKE {words} ON {on} FROM "{to}"')


def member(of: str, who: str) -> Down:
    """One role may become another."""
    return Down(f'GRANT "{of}" TO "{who}"', f'REVOKE "{of}" FROM "{who}"')


def policy(table: str, role: str, command: str) -> Down:
    """A second permissive policy: PostgreSQL shows a row that any of them allows."""
    name = f"attack.{command.lower()}"
    rows = {"INSERT": "WITH CHECK (true)", "UPDATE": "USING (true) WITH CHECK (true)"}.get(
        command, "USING (true)"
    )
    make = f'CREATE POLICY "{name}" ON "{table}" FOR {command} TO "{role}" {rows}'
    return Down(make, f'DROP POLICY "{name}" ON "{table}"')


def forced(table: str) -> Down:
    """Row-level security that does not bind the owner of the table."""
    return Down(
        f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
    )


def attribute(role: str, word: str) -> Down:
    """An attribute of a role such as BYPASSRLS."""
    return Down(f'ALTER ROLE "{role}" {word}', f'ALTER ROLE "{role}" NO{word}')


@asynccontextmanager
async def down(ground: Ground, service: str, parts: Sequence[Down]) -> AsyncIterator[Ground]:
    """The house while these parts are down; they are put back in the opposite order."""
    done: list[Down] = []
    async with ground.superuser(service) as admin:
        try:
            for part in parts:
                await admin.execute(part.loosen)
                done.append(part)
            yield ground
        finally:
            for part in reversed(done):
                await admin.execute(part.tighten)


Booty = Callable[[Ground, Sequence[Any]], str]
"""What the rows of a statement are to the attacker; "" where they are nothing."""


@dataclass(frozen=True)
class Statement:
    """One statement that a handler, or whoever injects into one, sends as a purpose.

    `sql` may name facts of the victim in braces. `careless` is what somebody else did before, on both sides;
    `organisation` is set for the transaction as the chassis sets it. The transaction is rolled back.
    """

    service: str
    purpose: str
    sql: str
    booty: Booty
    careless: tuple[Down, ...] = ()
    organisation: str = ""
    first: tuple[str, ...] = ()

    @property
    def role(self) -> str:
        return f"{self.service}__{self.purpose}"

    async def attempt(self, ground: Ground) -> str:
        """Send it; Held where PostgreSQL refuses, or shows and touches nothing."""
        async with (
            down(ground, self.service, [part.about(ground) for part in self.careless]),
            ground.database(self.service, self.role) as connection,
        ):
            transaction = connection.transaction()
            await transaction.start()
            try:
                if self.organisation:
                    await connection.execute(
                        f"SET LOCAL app.organisation = '{named(self.organisation, ground)}'"
                    )
                for before in self.first:
                    await connection.execute(named(before, ground))
                rows = await _rows(connection, named(self.sql, ground))
            except REFUSALS as refused:
                raise Held(str(refused)) from None
            finally:
                await transaction.rollback()
        found = self.booty(ground, rows)
        if not found:
            raise Held("no row was shown or touched")
        return found

    def off(self, *parts: Down) -> Callable[[Ground], AbstractAsyncContextManager[Ground]]:
        """The wall of this statement's database, without these parts."""
        return lambda ground: down(ground, self.service, parts)


async def _rows(connection: Any, sql: str) -> Sequence[Any]:
    """What came back; for a change without RETURNING, an empty row for each row that was touched."""
    if "RETURNING" in sql or not sql.startswith(("UPDATE", "INSERT", "DELETE")):
        return list(await connection.fetch(sql))
    return [{}] * rows_touched(await connection.execute(sql))


REFUSALS = (
    asyncpg.InsufficientPrivilegeError,
    asyncpg.InvalidTextRepresentationError,
    asyncpg.UndefinedObjectError,
)
"""Not granted, or the organisation that a policy asks for is not set."""


def named(sql: str, ground: Ground) -> str:
    """A statement with the victim's facts in it."""
    victim = ground.someone
    words = {
        name: str(getattr(victim, name)) for name in ("subject", "order", "hold", "event", "partner", "email")
    }
    words |= {"other": str(ground.facts["other"]), "erased": str(ground.erased)}
    for name, word in words.items():
        sql = sql.replace("{" + name + "}", word)
    return sql


def told(*columns: str) -> Booty:
    """Rows count as booty where they tell of the victim: `columns` are facts of the victim to look for."""

    def look(ground: Ground, rows: Sequence[Any]) -> str:
        facts = {name: str(getattr(ground.someone, name)) for name in columns}
        text = " ".join(str(value) for row in rows for value in row.values())
        found = [name for name, fact in facts.items() if fact in text]
        return f"the {' and '.join(found)} of a buyer" if len(found) == len(columns) else ""

    return look


def rows_of(what: str) -> Booty:
    """Any row is booty."""
    return lambda _, rows: f"{len(rows)} {what}" if rows else ""


def nothing_back(what: str) -> Booty:
    """That the statement was carried out is the booty."""
    return lambda _, __: what


def sql_attack(name: str, wants: str, rule: str, statement: Statement, *parts: Down) -> Attack[Ground]:
    """An attack that is one statement; `parts` is its own wall."""
    return Attack("postgres", name, wants, rule, statement.attempt, statement.off(*parts))


def attempt_at(attempt: Callable[[Ground], Awaitable[str]]) -> Callable[[Ground], Awaitable[str]]:
    """An attempt of several steps in which PostgreSQL's refusals are refusals."""

    async def around(ground: Ground) -> str:
        try:
            return await attempt(ground)
        except REFUSALS as refused:
            raise Held(str(refused)) from None

    return around
