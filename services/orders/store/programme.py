"""Seasons, series and productions."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from chassis.work import Sql
from contracts.orders.planning import (
    Blurb,
    Organisation,
    Production,
    ProductionPlan,
    Season,
    SeasonPlan,
    Series,
    SeriesPlan,
    Title,
)

PRODUCTIONS = """
SELECT p.*, (SELECT count(*) FROM event e WHERE e.production_id = p.production_id) AS dates
FROM production p WHERE $1::uuid IS NULL OR p.production_id = $1 ORDER BY p.title ->> 'nl', p.production_id
"""
ADD_PRODUCTION = """
INSERT INTO production (production_id, organisation_id, season_id, series_id, title, blurb, buyer_limit)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
CHANGE_PRODUCTION = """
UPDATE production SET organisation_id = $2, season_id = $3, series_id = $4, title = $5, blurb = $6,
    buyer_limit = $7
WHERE production_id = $1
"""
LIMIT_DATES = "UPDATE event SET production_limit = $2 WHERE production_id = $1"
# The texts stand on each date too; dates whose texts change are announced anew.
CHANGE_DATES = """
UPDATE event SET title = $2, blurb = $3, organisation_id = $4, version = version + 1
WHERE production_id = $1 AND (title, blurb, organisation_id) IS DISTINCT FROM ($2::jsonb, $3::jsonb, $4::uuid)
"""


async def seasons(sql: Sql) -> tuple[Season, ...]:
    """All seasons, latest first."""
    rows = await sql.fetch("SELECT * FROM season ORDER BY first_day DESC, season_id")
    return tuple(_season(row) for row in rows)


async def add_season(sql: Sql, season: UUID, plan: SeasonPlan) -> None:
    """Write a season."""
    await sql.execute(
        "INSERT INTO season (season_id, title, first_day, last_day) VALUES ($1, $2, $3, $4)",
        season,
        plan.title.model_dump_json(),
        plan.first_day,
        plan.last_day,
    )


async def all_series(sql: Sql) -> tuple[Series, ...]:
    """All series, by title."""
    rows = await sql.fetch("SELECT * FROM series ORDER BY title ->> 'nl', series_id")
    return tuple(Series(id=row["series_id"], title=Title.model_validate_json(row["title"])) for row in rows)


async def add_series(sql: Sql, series: UUID, plan: SeriesPlan) -> None:
    """Write a series."""
    title = plan.title.model_dump_json()
    await sql.execute("INSERT INTO series (series_id, title) VALUES ($1, $2)", series, title)


async def organisations(sql: Sql) -> tuple[Organisation, ...]:
    """Organisations as accounts says them, by name."""
    rows = await sql.fetch("SELECT organisation_id, name FROM organisation ORDER BY name, organisation_id")
    return tuple(Organisation(id=row["organisation_id"], name=row["name"]) for row in rows)


async def productions(sql: Sql) -> tuple[Production, ...]:
    """All productions, by title."""
    return tuple(_production(row) for row in await sql.fetch(PRODUCTIONS, None))


async def production(sql: Sql, wanted: UUID) -> Production | None:
    """A production, or None."""
    row = await sql.fetchrow(PRODUCTIONS, wanted)
    return _production(row) if row else None


async def known(sql: Sql, plan: ProductionPlan) -> bool:
    """Whether organisation, season and series of a plan exist."""
    return bool(
        await sql.fetchval(
            """SELECT EXISTS (SELECT FROM organisation WHERE organisation_id = $1)
                AND ($2::uuid IS NULL OR EXISTS (SELECT FROM season WHERE season_id = $2))
                AND ($3::uuid IS NULL OR EXISTS (SELECT FROM series WHERE series_id = $3))""",
            plan.organisation,
            plan.season,
            plan.series,
        )
    )


async def add_production(sql: Sql, wanted: UUID, plan: ProductionPlan) -> None:
    """Write a production."""
    await sql.execute(ADD_PRODUCTION, wanted, *_facts(plan))


async def change_production(sql: Sql, wanted: UUID, plan: ProductionPlan) -> bool:
    """Change a production and the texts of its dates; False where there is none."""
    if not await sql.execute(CHANGE_PRODUCTION, wanted, *_facts(plan)):
        return False
    title, blurb = plan.title.model_dump_json(), plan.blurb.model_dump_json()
    await sql.execute(CHANGE_DATES, wanted, title, blurb, plan.organisation)
    await sql.execute(LIMIT_DATES, wanted, plan.buyer_limit)
    return True


def _facts(plan: ProductionPlan) -> tuple[UUID, UUID | None, UUID | None, str, str, int | None]:
    title, blurb = plan.title.model_dump_json(), plan.blurb.model_dump_json()
    return plan.organisation, plan.season, plan.series, title, blurb, plan.buyer_limit


def _season(row: Any) -> Season:
    title = Title.model_validate_json(row["title"])
    return Season(id=row["season_id"], title=title, first_day=row["first_day"], last_day=row["last_day"])


def _production(row: Any) -> Production:
    return Production(
        id=row["production_id"],
        organisation=row["organisation_id"],
        season=row["season_id"],
        series=row["series_id"],
        title=Title.model_validate_json(row["title"]),
        blurb=Blurb.model_validate_json(row["blurb"]),
        buyer_limit=row["buyer_limit"],
        dates=row["dates"],
    )
