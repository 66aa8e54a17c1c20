"""Organisations, their agreements, and where they take messages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from chassis.work import Sql
from contracts.accounts.events import AboutOrganisation, OrganisationSuspendedV1
from contracts.sharing import api
from contracts.sharing.events import AgreementInForceV1
from services.sharing.domain.purposes import Agreement

LEARN = """
INSERT INTO organisation AS o (organisation_id, name, version, suspended) VALUES ($1, $2, $3, $4)
ON CONFLICT (organisation_id) DO UPDATE
SET name = excluded.name, version = excluded.version, suspended = excluded.suspended
WHERE excluded.version > o.version
"""
# The version counts what was told, so that listeners keep the newest whatever the order of arrival.
BEGIN_OR_END = """
UPDATE agreement a SET version = a.version + 1,
    announced = CASE a.announced WHEN 'nothing' THEN 'begun' ELSE 'ended' END
FROM organisation o
WHERE o.organisation_id = a.organisation_id
AND ((a.announced = 'nothing' AND a.valid_from <= $1) OR (a.announced = 'begun' AND a.valid_until <= $1))
RETURNING a.agreement_id, a.version, a.organisation_id, o.name, a.allowed, a.valid_from, a.valid_until
"""
OF_ORGANISATION = """
SELECT a.agreement_id, a.kind, a.allowed, a.valid_from, a.valid_until, e.url
FROM agreement a LEFT JOIN endpoint e USING (organisation_id)
WHERE a.organisation_id = $1 ORDER BY a.valid_from DESC
"""
TERMS = "SELECT allowed, valid_from, valid_until FROM agreement WHERE organisation_id = $1"
SUSPENDED = "SELECT suspended FROM organisation WHERE organisation_id = $1"
ENDPOINTS = "SELECT organisation_id, url FROM endpoint ORDER BY organisation_id"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an organisation takes messages."""

    organisation: UUID
    url: str


async def learn_organisation(sql: Sql, told: AboutOrganisation) -> None:
    """Take over an organisation's name, and whether it is suspended; a lower version changes nothing."""
    suspended = isinstance(told, OrganisationSuspendedV1)
    await sql.execute(LEARN, told.organisation, told.name, told.version, suspended)


async def is_suspended(sql: Sql, organisation: UUID) -> bool:
    """Whether an organisation may be told of nobody for now."""
    return bool(await sql.fetchval(SUSPENDED, organisation))


async def begin_or_end(sql: Sql, now: datetime) -> list[AgreementInForceV1]:
    """Agreements that began or lapsed and of which nobody was told yet, as what must be told."""
    return [
        AgreementInForceV1(
            agreement=row["agreement_id"],
            version=row["version"],
            organisation=row["organisation_id"],
            organisation_name=row["name"],
            allowed=tuple(row["allowed"]),
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
        )
        for row in await sql.fetch(BEGIN_OR_END, now)
    ]


async def terms(sql: Sql, organisation: UUID) -> tuple[Agreement, ...]:
    """All terms that an organisation accepted, in force or not."""
    rows = await sql.fetch(TERMS, organisation)
    return tuple(Agreement(tuple(row["allowed"]), row["valid_from"], row["valid_until"]) for row in rows)


async def endpoints(sql: Sql) -> list[Endpoint]:
    """Where all organisations take messages."""
    rows = await sql.fetch(ENDPOINTS)
    return [Endpoint(row["organisation_id"], row["url"]) for row in rows]


async def name_of(sql: Sql, organisation: UUID) -> str | None:
    """An organisation's public name."""
    name: str | None = await sql.fetchval(
        "SELECT name FROM organisation WHERE organisation_id = $1", organisation
    )
    return name


async def shown(sql: Sql, organisation: UUID) -> tuple[api.Agreement, ...]:
    """An organisation's agreements, newest first, as it sees them."""
    return tuple(
        api.Agreement(
            id=row["agreement_id"],
            kind=row["kind"],
            allowed=tuple(row["allowed"]),
            valid_from=row["valid_from"],
            valid_until=row["valid_until"],
            webhook_host=urlsplit(row["url"]).hostname if row["url"] else None,
        )
        for row in await sql.fetch(OF_ORGANISATION, organisation)
    )
