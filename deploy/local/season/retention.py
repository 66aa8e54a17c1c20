"""When the people of the season were last active (G-41)."""

from typing import Any

from deploy.local.season.programme import Season, known_as


async def load(connection: Any, season: Season) -> None:
    """The last day of a purchase for each regular; everyone who can log in is known since today."""
    rows = [(regular.id, "purchase", regular.day) for regular in season.regulars]
    rows += [(known_as("login", role), "known", season.now.date()) for role in season.logins]
    await connection.executemany(
        "INSERT INTO activity (subject_id, kind, day) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", rows
    )
