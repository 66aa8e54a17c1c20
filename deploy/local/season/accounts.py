"""People, log-ins and organisations of the season."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from chassis.sealing import Keyring
from contracts.accounts.events import ContactSetV1
from deploy.local.season.outbox import announce
from deploy.local.season.programme import Season, known_as
from deploy.topology.secrets import FACTORS
from services.accounts.domain.people import email_key
from services.accounts.handlers.prove_factor import place_of
from services.accounts.passwords import hash_password, user_key


async def load(connection: Any, season: Season, secrets: Path) -> None:
    """Everything that accounts holds at the first start. `secrets` is the folder of the house's secrets."""
    keys = Keyring.read(secrets / FACTORS)
    for key, name in season.raw["organisations"].items():
        await connection.execute(
            "INSERT INTO organisation (id, name, products, verified_at) VALUES ($1, $2, $3, $4)",
            known_as("organisation", key),
            name,
            ["tickets", "sharing"],
            season.now,
        )
    for role, login in season.logins.items():
        await _log_in(connection, season, role, dict(login))
        if "totp" in login:
            await _app(connection, season, known_as("login", role), login["totp"], keys)
    for regular in season.regulars:
        since = season.now - timedelta(days=(season.now.date() - regular.day).days)
        await _person(connection, (regular.id, regular.name, regular.email, regular.locale), since)


async def _log_in(connection: Any, season: Season, role: str, login: dict[str, str]) -> None:
    subject = known_as("login", role)
    await connection.execute(
        "INSERT INTO login (subject_id, user_key, password_hash, created_at) VALUES ($1, $2, $3, $4)",
        subject,
        user_key(login["user"]),
        hash_password(login["password"]),
        season.now,
    )
    person = subject, login["name"], _email(login), login.get("locale", "nl")
    await _person(connection, person, season.now)
    if role.startswith("visitor"):
        await announce(connection, _contact(*person), season.now)
        return
    organisation = login.get("organisation")
    await connection.execute(
        "INSERT INTO appointment (subject_id, role, organisation_id, owner, since)"
        " VALUES ($1, $2, $3, $4, $5)",
        subject,
        "organiser" if organisation else role,
        known_as("organisation", organisation) if organisation else None,
        organisation is not None,
        season.now,
    )
    if organisation:
        facts = season.raw["organisation_facts"][organisation]
        await _facts(connection, known_as("organisation", organisation), subject, facts, season.now)


async def _facts(
    connection: Any, organisation: UUID, subject: UUID, facts: dict[str, str], now: datetime
) -> None:
    """What an organisation says of itself; its first owner is the contact person."""
    await connection.execute(
        "INSERT INTO organisation_facts (organisation_id, subject_id, legal_name, street, postal_code, town,"
        " country, phone, registration, iban, said_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        organisation,
        subject,
        *(facts[name] for name in ("legal_name", "street", "postal_code", "town", "country", "phone")),
        *(facts[name] for name in ("registration", "iban")),
        now,
    )


async def _app(connection: Any, season: Season, subject: UUID, secret: str, keys: Keyring) -> None:
    """The code app of somebody who works here, as if they had added it."""
    key_id, sealed = keys.seal(secret.encode(), place_of(subject))
    await connection.execute(
        "INSERT INTO totp (id, subject_id, name, key_id, sealed_secret, last_step, added_at)"
        " VALUES ($1, $1, 'Codeapp', $2, $3, 0, $4)",
        subject,
        key_id,
        sealed,
        season.now,
    )


def _email(login: dict[str, str]) -> str:
    return login["user"] if "@" in login["user"] else f"{login['user']}@devloedlijn.example"


def _contact(subject: UUID, name: str, email: str, locale: str) -> ContactSetV1:
    return ContactSetV1(subject=subject, version=1, name=name, email=email, locale=locale)


async def _person(connection: Any, person: tuple[UUID, str, str, str], since: datetime) -> None:
    subject, name, email, locale = person
    await connection.execute(
        "INSERT INTO person (subject_id, name, email, email_key, locale, version, known_since, changed_at)"
        " VALUES ($1, $2, $3, $4, $5, 1, $6, $6)",
        subject,
        name,
        email,
        email_key(email),
        locale,
        since,
    )
