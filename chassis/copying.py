"""A service's part of a copy of all data of a person (Art. 15): sealed in its own database, for a day.

What is copied is what is erased: both follow the charter's tables of persons.
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import Any
from uuid import UUID

from chassis.charter import RIGHTS, Charter, Keep, Table
from chassis.claims import guests_of
from chassis.decision import Refused
from chassis.heard import Heard, Subscription
from chassis.routes import Call, Route
from chassis.sealing import Seal
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM, Actor, Role
from contracts.answers import CopyReady
from contracts.copies import CopyPart
from contracts.retention.events import CopyOrderedV1

KEPT = timedelta(hours=24)
HELD_BACK = "(held, not shown)"
KEEP_PART = """
INSERT INTO copy_part (request, subject, sealed, made_at, expires_at) VALUES ($1, $2, $3, $4, $5)
"""
READ_PART = "SELECT subject, sealed FROM copy_part WHERE request = $1 AND expires_at > $2"


def copied_tables(charter: Charter) -> dict[str, tuple[str, ...]]:
    """Every table of persons with the columns that a copy shows: personal ones first."""
    return {
        name: _columns(table)
        for name, table in charter.tables_of_persons().items()
        if _belongs_in_a_copy(table)
    }


async def part_of(work: Work, charter: Charter, subject: UUID) -> dict[str, Any]:
    """Rows per table, with why they are held and until when (W-21); tables without a row are left out.

    Guests that an account keeps are part of its copy.
    """
    tables: dict[str, Any] = {}
    person = [subject, *await guests_of(work, subject)]
    for name, columns in copied_tables(charter).items():
        table = charter.table[name]
        rows = await work.fetch(_select(name, table, columns), person)
        if rows:
            tables[name] = {
                "about": table.about,
                "why": _why(charter, table),
                "rows": [json.loads(row["line"]) for row in rows],
            }
    return tables


def copy_subscription(work: Workplace, charter: Charter, ready: type[CopyReady], seal: Seal) -> Subscription:
    """What prepares a part when retention orders a copy, and announces it with hash and counts."""

    async def prepare(heard: Heard[Any]) -> None:
        event: CopyOrderedV1 = heard.event
        async with work(RIGHTS, SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            tables = await part_of(tx, charter, event.subject)
            part = CopyPart(service=charter.service, request=event.request, tables=tables)
            plain = part.model_dump_json().encode()
            await _keep(tx, seal, event, plain)
            counts = {name: len(table["rows"]) for name, table in tables.items()}
            digest = hashlib.sha256(plain).hexdigest()
            receipt = ready(subject=event.subject, request=event.request, sha256=digest, counts=counts)
            await tx.announce(receipt)

    return Subscription(CopyOrderedV1, RIGHTS, prepare)


def copy_route(work: Workplace, seal: Seal) -> Route:
    """`GET /copies/{request}`: a person reads the part of their own copy, and nobody else's (W-40)."""

    async def read(call: Call) -> CopyPart | Refused:
        part = await read_part(work, seal, call.actor, UUID(call.path["request"]))
        return Refused("not-found") if part is None else part

    return Route(
        method="GET",
        path="/copies/{request}",
        purpose=RIGHTS,
        roles=frozenset({Role.VISITOR}),
        handle=read,
        answer=CopyPart,
        summary="This service's part of a copy of all data of a person",
        fresh=True,
    )


async def read_part(work: Workplace, seal: Seal, actor: Actor, request: UUID) -> CopyPart | None:
    """The part that was prepared for this person, or None where there is none, or it is another's."""
    async with work(RIGHTS, actor) as tx:
        row = await tx.fetchrow(READ_PART, request, tx.now)
    if row is None or row["subject"] != actor.id:
        return None
    return CopyPart.model_validate_json(seal.open(row["sealed"], _place(request)))


async def _keep(work: Work, seal: Seal, event: CopyOrderedV1, plain: bytes) -> None:
    sealed = seal.seal(plain, _place(event.request))
    await work.execute("DELETE FROM copy_part WHERE request = $1", event.request)
    await work.execute(KEEP_PART, event.request, event.subject, sealed, work.now, work.now + KEPT)


def _place(request: UUID) -> str:
    return f"copy_part/{request}"


def _belongs_in_a_copy(table: Table) -> bool:
    return table.copied and table.on_erasure not in ("keep", "log")


def _columns(table: Table) -> tuple[str, ...]:
    own = [name for name in (table.subject, table.organisation) if name]
    return tuple(dict.fromkeys((*own, *table.personal_columns, *table.free_columns)))


def _select(name: str, table: Table, columns: tuple[str, ...]) -> str:
    # A secret, such as a password hash, is told of and never read: this purpose has no grant to see it.
    listed = ", ".join(_listed(table, column) for column in columns)
    return (
        f"SELECT row_to_json(held)::text AS line FROM "
        f'(SELECT {listed} FROM "{name}" WHERE "{table.subject}" = ANY ($1)) AS held'
    )


def _listed(table: Table, column: str) -> str:
    known = table.column.get(column)
    return f"'{HELD_BACK}' AS \"{column}\"" if known is not None and known.secret else f'"{column}"'


def _why(charter: Charter, table: Table) -> dict[str, Any]:
    return {
        name: {
            "category": column.category.value,
            "purposes": list(column.purposes),
            "kept": _term(charter.keep[column.keep]),
        }
        for name, column in table.column.items()
    }


def _term(rule: Keep) -> dict[str, str]:
    return {"since": rule.since, "term": rule.term, "then": rule.then}
