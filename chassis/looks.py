"""Who looked at my data: each service answers for itself, to the person whom it was about (Art. 15)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from chassis.charter import RIGHTS
from chassis.claims import guests_of
from chassis.routes import Call, Route
from chassis.work import Sql, Workplace
from contracts.actors import Role
from contracts.looks import Look, LookKind, Looks, LooksBefore, ReasonCode

PAGE = 50
ABOUT_ME = """
SELECT DISTINCT ON (s.at, s.entry) e.id, e.at, e.role, e.organisation, e.purpose, e.reason, e.kind
FROM access_subject s JOIN access_entry e ON e.id = s.entry
WHERE s.subject = ANY ($1) AND ($2::uuid IS NULL OR (s.at, s.entry) < (
    SELECT b.at, b.entry FROM access_subject b WHERE b.subject = ANY ($1) AND b.entry = $2 LIMIT 1))
ORDER BY s.at DESC, s.entry DESC LIMIT $3
"""

NameOf = Callable[[Sql, UUID], Awaitable[str | None]]
"""The public name of an organisation, where a service knows organisations."""


async def unnamed(_: Sql, organisation: UUID) -> str | None:  # noqa: ARG001
    """For services that know no organisation by name."""
    return None


def looks_route(work: Workplace, name_of: NameOf = unnamed) -> Route:
    """`GET /people/me/looks`: who looked at what this service holds of the person who asks, newest first."""

    async def read(call: Call) -> Looks:
        asked: LooksBefore = call.query
        async with work(RIGHTS, call.actor) as tx:
            me = [call.actor.id, *await guests_of(tx, call.actor.id)]
            rows = await tx.fetch(ABOUT_ME, me, asked.before, PAGE + 1)
            shown = rows[:PAGE]
            names = {row["organisation"] for row in shown if row["organisation"] is not None}
            known = {organisation: await name_of(tx, organisation) for organisation in names}
        return Looks(
            looks=tuple(_look(row, known) for row in shown),
            before=shown[-1]["id"] if len(rows) > PAGE else None,
        )

    return Route(
        method="GET",
        path="/people/me/looks",
        purpose=RIGHTS,
        roles=frozenset({Role.VISITOR}),
        handle=read,
        query=LooksBefore,
        answer=Looks,
        summary="Who looked at one's own data here, and why",
    )


def _look(row: Any, names: Mapping[UUID, str | None]) -> Look:
    return Look(
        id=row["id"],
        at=row["at"],
        role=Role(row["role"]),
        organisation=row["organisation"],
        organisation_name=names.get(row["organisation"]),
        purpose=row["purpose"],
        reason=ReasonCode(row["reason"]) if row["reason"] else None,
        kind=LookKind(row["kind"]),
    )
