"""The agreement with the co-presenter of the season, and where it takes messages."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from chassis.sealing import Seal
from deploy.local.season.programme import Season, known_as
from services.sharing.handlers.deliver import place_of

ALLOWED = ["co_presentation_door_list", "co_presentation_administration", "co_presentation_news"]


async def load(connection: Any, season: Season, secrets: Path, receiver_url: str) -> None:
    """Organisations, one agreement in force, one endpoint; the other organiser agreed to nothing."""
    for key, name in season.raw["organisations"].items():
        await connection.execute(
            "INSERT INTO organisation (organisation_id, name, version) VALUES ($1, $2, 1)"
            " ON CONFLICT DO NOTHING",
            known_as("organisation", key),
            name,
        )
    await connection.execute(
        "INSERT INTO agreement (agreement_id, organisation_id, kind, allowed, valid_from)"
        " VALUES ($1, $2, 'separate_controllers', $3, $4)",
        known_as("agreement", "kantelpunt"),
        known_as("organisation", "kantelpunt"),
        ALLOWED,
        season.now - timedelta(days=60),
    )
    seal = Seal.read(secrets / "sharing" / "sealing.key")
    secret = (secrets / "receiver" / "webhook").read_text().strip()
    await connection.execute(
        "INSERT INTO endpoint (organisation_id, url, sealed_secrets) VALUES ($1, $2, $3)",
        known_as("organisation", "kantelpunt"),
        receiver_url,
        seal.seal(secret.encode(), place_of(known_as("organisation", "kantelpunt"))),
    )
