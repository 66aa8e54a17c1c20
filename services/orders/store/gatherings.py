"""Seasons and series as visitors see them: what is on, and what belongs together (F-53)."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from chassis.work import Sql
from contracts.orders.api import Gathering, SeriesName
from contracts.texts import Text

GATHERED = """
SELECT g.{key} AS id, g.title, array_agg(e.event_id ORDER BY e.starts_at, e.slug) AS events
FROM {table} g JOIN production p USING ({key}) JOIN event e USING (production_id)
WHERE e.ends_at > $1 AND e.state <> 'draft'
GROUP BY g.{key}, g.title ORDER BY min(e.starts_at), g.{key}
"""
SEASONS = GATHERED.format(table="season", key="season_id")
SERIES = GATHERED.format(table="series", key="series_id")
SERIES_OF = """
SELECT s.series_id, s.title
FROM event e JOIN production p USING (production_id) JOIN series s USING (series_id) WHERE e.event_id = $1
"""


async def seasons(sql: Sql, now: datetime) -> tuple[Gathering, ...]:
    """Seasons with what is still to come in them."""
    return await _gathered(sql, SEASONS, now)


async def series(sql: Sql, now: datetime) -> tuple[Gathering, ...]:
    """Series with what is still to come in them."""
    return await _gathered(sql, SERIES, now)


async def series_of(sql: Sql, event: UUID) -> SeriesName | None:
    """The series that an event belongs to, or None."""
    row = await sql.fetchrow(SERIES_OF, event)
    return SeriesName(id=row["series_id"], title=Text.model_validate_json(row["title"])) if row else None


async def _gathered(sql: Sql, statement: str, now: datetime) -> tuple[Gathering, ...]:
    return tuple(
        Gathering(id=row["id"], title=Text.model_validate_json(row["title"]), events=tuple(row["events"]))
        for row in await sql.fetch(statement, now)
    )
