"""When money is given back, in an organisation's own words (F-17)."""

from __future__ import annotations

from uuid import UUID

from chassis.work import Sql
from contracts.orders.planning import Blurb
from contracts.orders.terms import RefundPolicy

ALL = """
SELECT o.organisation_id, o.name, r.said FROM organisation o LEFT JOIN refund_policy r USING (organisation_id)
ORDER BY o.name
"""
PUT = """
INSERT INTO refund_policy (organisation_id, said)
SELECT $1, $2 WHERE EXISTS (SELECT FROM organisation WHERE organisation_id = $1)
ON CONFLICT (organisation_id) DO UPDATE SET said = $2
"""


async def policies(sql: Sql) -> tuple[RefundPolicy, ...]:
    """All organisations with their own words; those without sell on the terms of the house."""
    return tuple(
        RefundPolicy(
            organisation=row["organisation_id"],
            name=row["name"],
            said=Blurb.model_validate_json(row["said"]) if row["said"] else None,
        )
        for row in await sql.fetch(ALL)
    )


async def put(sql: Sql, organisation: UUID, said: Blurb) -> bool:
    """Set an organisation's words; False where there is no such organisation."""
    return await sql.execute(PUT, organisation, said.model_dump_json()) == 1


async def drop(sql: Sql, organisation: UUID) -> None:
    """From now on it sells on the terms of the house."""
    await sql.execute("DELETE FROM refund_policy WHERE organisation_id = $1", organisation)
