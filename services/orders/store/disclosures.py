"""Organisations and agreements as other services say them, and who was announced to whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.gate import PROTECTION
from chassis.work import LOCK_SUBJECT, Sql
from contracts.accounts.events import AboutOrganisation, OrganisationSuspendedV1, PersonCorrectedV1
from contracts.sharing.events import AgreementInForceV1
from services.orders.domain.disclosure import PURPOSES

# Buyers of co-presented events that have not ended, where an agreement is in force, and who were not
# announced yet, or not since the agreement or a choice of theirs changed.
CANDIDATES = """
SELECT o.event_id, o.order_id, p.organisation_id, n.subject_id, n.version, g.agreed, c.seen,
    told.allowed AS told, told.disclosed,
    ARRAY(SELECT hs.label FROM ticket t JOIN hall_seat hs ON hs.hall_id = e.hall_id AND hs.seat_id = t.seat_id
          WHERE t.event_id = o.event_id AND t.order_id = o.order_id ORDER BY t.line_no) AS seats
FROM event e
JOIN event_partner p USING (event_id)
JOIN LATERAL (
    SELECT array_agg(DISTINCT word) AS agreed FROM agreement a CROSS JOIN unnest(a.allowed) AS word
    WHERE a.organisation_id = p.organisation_id AND a.valid_from <= $1
        AND (a.valid_until IS NULL OR a.valid_until > $1)
) g ON g.agreed IS NOT NULL
JOIN placed_order o ON o.event_id = e.event_id AND o.state = 'paid'
JOIN order_person n ON n.event_id = o.event_id AND n.order_id = o.order_id
JOIN LATERAL (
    SELECT COALESCE(sum(version + 1), 0)::bigint AS seen FROM gate
    WHERE gate.subject = n.subject_id AND (organisation = p.organisation_id OR organisation IS NULL)
        AND purpose = ANY ($2)
) c ON true
LEFT JOIN announcement told ON told.event_id = o.event_id AND told.order_id = o.order_id
    AND told.organisation_id = p.organisation_id
WHERE e.ends_at > $1
    AND (told.agreed IS DISTINCT FROM g.agreed OR told.choices_seen IS DISTINCT FROM c.seen)
"""
OF_ORDERS = " AND o.order_id = ANY ($4)"
FIRST = " ORDER BY o.event_id, o.order_id LIMIT $3"
CHOICES = (*PURPOSES, "*", PROTECTION)
NAMES = "SELECT order_id, name FROM order_person WHERE order_id = ANY ($1)"
ADDRESSES = "SELECT order_id, email FROM order_person WHERE order_id = ANY ($1)"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A buyer who may have to be announced to one co-presenter.

    `told` are the purposes of the last time, `disclosed` those of any time.
    """

    event: UUID
    order: UUID
    organisation: UUID
    subject: UUID
    version: int
    agreed: tuple[str, ...]
    told: frozenset[str]
    disclosed: frozenset[str]
    choices_seen: int
    seats: tuple[str, ...]


async def one_at_a_time(sql: Sql) -> None:
    """Two replicas that look for buyers take turns, so that none is announced twice."""
    await sql.execute("SELECT pg_advisory_xact_lock(hashtextextended('orders.announce_attendees', 0))")


async def candidates(
    sql: Sql, now: datetime, limit: int, orders: Collection[UUID] | None = None
) -> list[Candidate]:
    """Buyers to look at, of these orders or all; none of them can be erased until this transaction ends."""
    arguments = [now, list(CHOICES), limit, *([list(orders)] if orders else [])]
    found = CANDIDATES + (OF_ORDERS if orders else "") + FIRST
    for row in await sql.fetch(found, *arguments):
        await sql.execute(LOCK_SUBJECT, str(row["subject_id"]))
    # Read again under the locks: who was erased in between is not among them any more.
    return [_candidate(row) for row in await sql.fetch(found, *arguments)]


async def names(sql: Sql, orders: Collection[UUID]) -> dict[UUID, str]:
    """Names of the buyers of these orders, but for those who objected (purpose co_presentation_door_list)."""
    return {row["order_id"]: row["name"] for row in await sql.fetch(NAMES, list(orders))}


async def addresses(sql: Sql, orders: Collection[UUID]) -> dict[UUID, str]:
    """Addresses of those of them who consented (purpose co_presentation_news)."""
    return {row["order_id"]: row["email"] for row in await sql.fetch(ADDRESSES, list(orders))}


async def save(sql: Sql, who: Candidate, allowed: tuple[str, ...], now: datetime) -> None:
    """Keep what was announced, and on what ground."""
    await sql.execute(
        """INSERT INTO announcement (event_id, order_id, organisation_id, subject_id, allowed, agreed,
                                     choices_seen, announced_on, disclosed)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
           ON CONFLICT (event_id, order_id, organisation_id) DO UPDATE
           SET allowed = $5, agreed = $6, choices_seen = $7, announced_on = $8, disclosed = $9""",
        who.event,
        who.order,
        who.organisation,
        who.subject,
        list(allowed),
        list(who.agreed),
        who.choices_seen,
        now.date(),
        sorted(who.disclosed.union(allowed)),
    )


async def told_of(sql: Sql, subject: UUID) -> frozenset[str]:
    """The purposes for which any co-presenter was ever told about a person."""
    rows = await sql.fetch(
        "SELECT DISTINCT unnest(disclosed) AS purpose FROM announcement WHERE subject_id = $1", subject
    )
    return frozenset(row["purpose"] for row in rows)


async def correct(sql: Sql, new: PersonCorrectedV1) -> int:
    """Set the corrected fields in every order of a person, where no later correction came; how many."""
    return await sql.execute(
        """UPDATE order_person SET version = greatest(version, $2),
               name = CASE WHEN $3::text IS NOT NULL AND name_version < $2 THEN $3 ELSE name END,
               name_version = CASE WHEN $3::text IS NOT NULL THEN greatest(name_version, $2)
                                   ELSE name_version END,
               email = CASE WHEN $4::text IS NOT NULL AND email_version < $2 THEN $4 ELSE email END,
               email_version = CASE WHEN $4::text IS NOT NULL THEN greatest(email_version, $2)
                                    ELSE email_version END,
               phone = CASE WHEN ($5::text IS NOT NULL OR $6) AND phone_version < $2 THEN $5 ELSE phone END,
               phone_version = CASE WHEN $5::text IS NOT NULL OR $6 THEN greatest(phone_version, $2)
                                    ELSE phone_version END
           WHERE subject_id = $1""",
        new.subject,
        new.version,
        new.name,
        new.email,
        new.phone,
        new.phone_removed,
    )


async def keep_agreement(sql: Sql, new: AgreementInForceV1) -> bool:
    """Keep an agreement unless a later version is known; whether it was kept."""
    return (
        await sql.execute(
            """INSERT INTO agreement AS a (agreement_id, organisation_id, organisation_name, version, allowed,
                                           valid_from, valid_until)
               VALUES ($1, $2, $3, $4, $5, $6, $7)
               ON CONFLICT (agreement_id) DO UPDATE
               SET organisation_name = $3, version = $4, allowed = $5, valid_from = $6, valid_until = $7
               WHERE a.version < $4""",
            new.agreement,
            new.organisation,
            new.organisation_name,
            new.version,
            sorted(set(new.allowed)),
            new.valid_from,
            new.valid_until,
        )
        == 1
    )


async def keep_organisation(sql: Sql, new: AboutOrganisation) -> None:
    """Keep an organisation's public name, and whether it may sell, unless a later version is known."""
    await sql.execute(
        """INSERT INTO organisation AS o (organisation_id, name, version, suspended) VALUES ($1, $2, $3, $4)
           ON CONFLICT (organisation_id) DO UPDATE SET name = $2, version = $3, suspended = $4
           WHERE o.version < $3""",
        new.organisation,
        new.name,
        new.version,
        isinstance(new, OrganisationSuspendedV1),
    )


def _candidate(row: Any) -> Candidate:
    return Candidate(
        event=row["event_id"],
        order=row["order_id"],
        organisation=row["organisation_id"],
        subject=row["subject_id"],
        version=row["version"],
        agreed=tuple(row["agreed"]),
        told=frozenset(row["told"] or ()),
        disclosed=frozenset(row["disclosed"] or ()),
        choices_seen=row["seen"],
        seats=tuple(row["seats"]),
    )
