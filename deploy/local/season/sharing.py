"""The agreement with the co-presenter of the season, and where it takes messages."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from chassis.sealing import Keyring, Seal
from deploy.local.season.programme import Season, known_as
from deploy.topology.secrets import WEBHOOKS
from services.sharing.secret_box import SecretBox

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
    await _endpoint(connection, season, secrets, receiver_url)


async def _endpoint(connection: Any, season: Season, secrets: Path, receiver_url: str) -> None:
    """Where the co-presenter takes messages, and the secret that signs them."""
    box = SecretBox(Keyring.read(secrets / WEBHOOKS), Seal.read(secrets / "sharing" / "sealing.key"))
    secret = (secrets / "receiver" / "webhook").read_text().strip()
    kept = box.seal(known_as("organisation", "kantelpunt"), secret, season.now)
    await connection.execute(
        "INSERT INTO endpoint (organisation_id, url) VALUES ($1, $2)", kept.organisation, receiver_url
    )
    await connection.execute(
        "INSERT INTO endpoint_secret (id, organisation_id, key_id, sealed_secret, secret_end, made_at)"
        " VALUES ($1, $2, $3, $4, $5, $6)",
        kept.id,
        kept.organisation,
        kept.key_id,
        kept.sealed,
        kept.end,
        kept.made_at,
    )
