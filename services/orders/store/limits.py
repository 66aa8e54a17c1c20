"""What counts for a purchase limit, and what a limit decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from chassis.work import Sql
from contracts.texts import Text
from services.orders.domain.limits import Rule, RuleName, lock_of

TERMS = """
SELECT h.event_id, e.production_id, e.buyer_limit, e.production_limit, e.title,
    GREATEST(e.ends_at, CASE WHEN e.production_limit IS NOT NULL THEN (
        SELECT max(o.ends_at) FROM event o WHERE o.production_id = e.production_id) END)::date AS ends_on,
    (SELECT count(*) FROM hold_line l WHERE l.event_id = h.event_id AND l.hold_id = h.hold_id) AS asked
FROM hold h JOIN event e USING (event_id) WHERE h.hold_id = $1
"""
LOCK = "SELECT pg_advisory_xact_lock(u.key) FROM unnest($1::bigint[]) AS u (key)"
# What is held, ordered or sold counts; this hold does not, so that a repeated checkout is counted once.
COUNT = """
SELECT COALESCE(sum(c.places) FILTER (WHERE c.event_id = $1), 0) AS of_event,
    COALESCE(sum(c.places), 0) AS of_production
FROM limit_claim c JOIN hold h USING (event_id, hold_id) JOIN event e USING (event_id)
WHERE (c.buyer_key = $3 OR c.subject_id = $4) AND (c.event_id = $1 OR e.production_id = $2)
    AND c.hold_id <> $5
    AND (h.state IN ('ordered', 'sold') OR (h.state = 'held' AND h.expires_at > $6))
"""
GRANTED = """
SELECT COALESCE(sum(d.granted) FILTER (WHERE d.rule = 'event' AND d.event_id = $1), 0) AS of_event,
    COALESCE(sum(d.granted) FILTER (WHERE d.rule = 'production'), 0) AS of_production
FROM limit_decision d JOIN event e USING (event_id)
WHERE (d.buyer_key = $3 OR d.subject_id = $4) AND (d.event_id = $1 OR e.production_id = $2)
"""
CLAIM = """
INSERT INTO limit_claim (event_id, hold_id, claim_id, subject_id, buyer_key, places, ends_on)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (event_id, hold_id) DO UPDATE SET claim_id = excluded.claim_id, subject_id = excluded.subject_id,
    buyer_key = excluded.buyer_key, places = excluded.places
"""
DECIDED = """
INSERT INTO limit_decision (decision_id, event_id, hold_id, subject_id, buyer_key, rule, most, counted, asked,
                            decided_at, ends_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING
"""
# What was contested before keeps its moment, so that asking again is seen to be that.
CONTEST = """
WITH last AS (
    SELECT decision_id, contested_at FROM limit_decision
    WHERE hold_id = $1 AND subject_id = $2 AND buyer_key = $3 ORDER BY decided_at DESC LIMIT 1 FOR UPDATE
)
UPDATE limit_decision d SET contested_at = COALESCE(last.contested_at, $4)
FROM last WHERE d.decision_id = last.decision_id
RETURNING d.decision_id, d.most, d.counted, d.asked, last.contested_at IS NULL AS new
"""
# An event that was put off keeps counting until it is over.
FORGET = """
DELETE FROM {table} t WHERE t.ends_on <= $1
    AND NOT EXISTS (SELECT FROM event e WHERE e.event_id = t.event_id AND e.ends_at::date > $1)
"""


@dataclass(frozen=True, slots=True)
class Terms:
    """The limits that stand over a hold, how many places it has, and the event's last day."""

    event: UUID
    production: UUID | None
    of_event: int | None
    of_production: int | None
    title: Text
    ends_on: date
    asked: int

    @property
    def scopes(self) -> tuple[UUID, ...]:
        """What is counted over: the event, the production, or both."""
        by_event = (self.event,) if self.of_event is not None else ()
        return (*by_event, self.production) if self.production and self.of_production else by_event


@dataclass(frozen=True, slots=True)
class Contested:
    """A decision that somebody contests; `new` where it was not contested before."""

    decision: UUID
    most: int
    counted: int
    asked: int
    new: bool


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whose places are counted: the hold at hand, the person who acts, and the address as a hash."""

    hold: UUID
    subject: UUID
    key: bytes


async def terms(sql: Sql, hold: UUID) -> Terms | None:
    """The limits over a hold, or None where there is no such hold."""
    row = await sql.fetchrow(TERMS, hold)
    if row is None:
        return None
    limits = row["buyer_limit"], row["production_limit"]
    title = Text.model_validate_json(row["title"])
    return Terms(row["event_id"], row["production_id"], *limits, title, row["ends_on"], row["asked"])


async def lock(sql: Sql, keys: Sequence[int]) -> None:
    """Let no other checkout of the same buyer be counted until this transaction ends."""
    await sql.fetch(LOCK, list(keys))


async def is_held(sql: Sql, found: Terms, hold: UUID) -> bool:
    """Whether nothing was ordered with a hold yet. Needs its lock."""
    state = "SELECT state = 'held' FROM hold WHERE event_id = $1 AND hold_id = $2"
    return bool(await sql.fetchval(state, found.event, hold))


async def latest(sql: Sql, holds: Collection[UUID]) -> dict[UUID, UUID]:
    """The claims that holds rest on, which stay so until the transaction ends."""
    if not holds:
        return {}
    # A statement of its own: what another checkout claimed while this one waited must be seen.
    await lock(sql, sorted(map(lock_of, holds)))
    rows = await sql.fetch("SELECT hold_id, claim_id FROM limit_claim WHERE hold_id = ANY ($1)", list(holds))
    return {row["hold_id"]: row["claim_id"] for row in rows}


async def rules(sql: Sql, found: Terms, buyer: Buyer, now: datetime) -> tuple[Rule, ...]:
    """The limits with what is counted for a buyer. Needs the lock."""
    about = found.event, found.production, buyer.key, buyer.subject
    counted = await sql.fetchrow(COUNT, *about, buyer.hold, now)
    granted = await sql.fetchrow(GRANTED, *about)
    assert counted is not None, "a sum has a row"
    assert granted is not None, "a sum has a row"
    known: tuple[tuple[RuleName, int | None, str], ...] = (
        ("event", found.of_event, "of_event"),
        ("production", found.of_production if found.production else None, "of_production"),
    )
    return tuple(
        Rule(name, most, counted[column], granted[column]) for name, most, column in known if most is not None
    )


async def claim(sql: Sql, found: Terms, buyer: Buyer, claim_id: UUID) -> None:
    """Count the places of a hold for a buyer from now on."""
    who = buyer.subject, buyer.key
    await sql.execute(CLAIM, found.event, buyer.hold, claim_id, *who, found.asked, found.ends_on)


async def keep_decision(
    sql: Sql, decision: UUID, found: Terms, buyer: Buyer, rule: Rule, now: datetime
) -> bool:
    """Keep that a limit refused somebody; False where the same was decided about this hold already."""
    numbers = rule.name, rule.allowed, rule.counted, found.asked
    about = found.event, buyer.hold, buyer.subject, buyer.key
    return await sql.execute(DECIDED, decision, *about, *numbers, now, found.ends_on) == 1


async def contest(sql: Sql, buyer: Buyer, now: datetime) -> Contested | None:
    """Note that a buyer contests what was decided last about a hold; None where nothing was."""
    row = await sql.fetchrow(CONTEST, buyer.hold, buyer.subject, buyer.key, now)
    if row is None:
        return None
    numbers = row["most"], row["counted"], row["asked"]
    return Contested(row["decision_id"], *numbers, row["new"])


async def grant(sql: Sql, decision: UUID, places: int) -> None:
    """Let a buyer have places on top of a limit, as a person decided."""
    await sql.execute("UPDATE limit_decision SET granted = $2 WHERE decision_id = $1", decision, places)


async def forget(sql: Sql, last_day: date) -> int:
    """Forget what was counted for events that were over by a day; how many rows."""
    tables = ("limit_claim", "limit_decision")
    return sum([await sql.execute(FORGET.format(table=table), last_day) for table in tables])
