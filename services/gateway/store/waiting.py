"""Rows of waiting rooms and their tickets. Whoever changes a room holds its row's lock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from chassis.work import Sql
from services.gateway.domain.waiting import Room
from services.gateway.domain.waiting_ticket import Ticket

KEPT = timedelta(hours=24)
ROOM_KEPT = timedelta(days=7)


@dataclass(frozen=True)
class Entry:
    """A newcomer's ticket, as it is written: with a turn, with a place, or with neither before the draw."""

    session_hash: bytes
    subject: UUID | None
    number: UUID
    place: int | None
    until: datetime | None


async def open_room(sql: Sql, room: Room, seed: bytes, commitment: str) -> None:
    """Open a room, unless somebody just did."""
    await sql.execute(
        "INSERT INTO waiting_room (event_id, opens_at, drawn_at, seed, commitment, counted_at, credit,"
        " paced_since, kept_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8) ON CONFLICT DO NOTHING",
        room.event,
        room.opens_at,
        room.counted_at if room.drawn else None,
        seed,
        commitment,
        room.counted_at,
        room.credit,
        max(room.opens_at, room.counted_at) + ROOM_KEPT,
    )


async def locked(sql: Sql, event: UUID) -> Room | None:
    """The room of an event, its row locked until the transaction ends; None where nobody opened it."""
    row = await sql.fetchrow("SELECT * FROM waiting_room WHERE event_id = $1 FOR UPDATE", event)
    return None if row is None else _room(row)


async def rooms(sql: Sql, since: datetime) -> list[Room]:
    """Rooms in which people wait for a draw or in line, and those that were so lately."""
    rows = await sql.fetch(
        "SELECT * FROM waiting_room WHERE drawn_at IS NULL OR places > called"
        " OR (places > 0 AND counted_at > $1)",
        since,
    )
    return [_room(row) for row in rows]


async def save(sql: Sql, room: Room) -> None:
    """Keep what was counted."""
    await sql.execute(
        "UPDATE waiting_room SET opens_at = $2, places = $3, called = $4, counted_at = $5, credit = $6,"
        " paced_since = $7, paced = $8, drawn_at = CASE WHEN $9 THEN COALESCE(drawn_at, $5) END,"
        " kept_until = GREATEST(kept_until, $10) WHERE event_id = $1",
        room.event,
        room.opens_at,
        room.places,
        room.called,
        room.counted_at,
        room.credit,
        room.paced_since,
        room.paced,
        room.drawn,
        room.counted_at + ROOM_KEPT,
    )


async def sealed_seed(sql: Sql, event: UUID) -> Mapping[str, Any] | None:
    """Seed (sealed), commitment, and when it was drawn; None where there is no room."""
    found: Mapping[str, Any] | None = await sql.fetchrow(
        "SELECT seed, commitment, drawn_at FROM waiting_room WHERE event_id = $1", event
    )
    return found


async def tickets(sql: Sql, event: UUID, sessions: Iterable[bytes]) -> dict[bytes, Ticket]:
    """The tickets of these sessions for an event, by session."""
    rows = await sql.fetch(
        "SELECT session_hash, number, place, turn_until, extensions FROM waiting_ticket"
        " WHERE event_id = $1 AND session_hash = ANY ($2)",
        event,
        list(sessions),
    )
    return {row["session_hash"]: _ticket(row) for row in rows}


async def early(sql: Sql, event: UUID) -> list[UUID]:
    """The numbers of those who wait for the draw."""
    rows = await sql.fetch(
        "SELECT number FROM waiting_ticket WHERE event_id = $1 AND place IS NULL AND turn_until IS NULL",
        event,
    )
    return [row["number"] for row in rows]


async def give_places(sql: Sql, event: UUID, numbers: Sequence[UUID]) -> None:
    """Places 1, 2, 3 … to these ticket numbers, in this order."""
    await sql.execute(
        "UPDATE waiting_ticket SET place = drawn.place"
        " FROM unnest($2::uuid[]) WITH ORDINALITY AS drawn (number, place)"
        " WHERE event_id = $1 AND waiting_ticket.number = drawn.number",
        event,
        list(numbers),
    )


async def choosing(sql: Sql, event: UUID, now: datetime) -> int:
    """How many are in and have not chosen yet."""
    found = await sql.fetchval(
        "SELECT count(*) FROM waiting_ticket WHERE event_id = $1 AND turn_until > $2 AND NOT chosen",
        event,
        now,
    )
    return int(found)


async def next_places(sql: Sql, event: UUID, called: int, wanted: int) -> list[int]:
    """The next places in line whose people are still there."""
    rows = await sql.fetch(
        "SELECT place FROM waiting_ticket WHERE event_id = $1 AND place > $2 ORDER BY place LIMIT $3",
        event,
        called,
        wanted,
    )
    return [row["place"] for row in rows]


async def begin_turns(sql: Sql, event: UUID, places: Sequence[int], until: datetime) -> None:
    """These places are called: their turn runs until then."""
    await sql.execute(
        "UPDATE waiting_ticket SET turn_until = $3 WHERE event_id = $1 AND place = ANY ($2)",
        event,
        list(places),
        until,
    )


async def add(sql: Sql, event: UUID, entries: Sequence[Entry], now: datetime, kept_until: datetime) -> None:
    """Tickets of newcomers; who had one whose turn is over gets this one in its stead."""
    await sql.execute(
        "INSERT INTO waiting_ticket (event_id, session_hash, subject_id, number, place, turn_until,"
        " arrived_at, kept_until) SELECT $1, new.*, $7, $8"
        " FROM unnest($2::bytea[], $3::uuid[], $4::uuid[], $5::bigint[], $6::timestamptz[]) AS new"
        " ON CONFLICT (event_id, session_hash) DO UPDATE SET number = excluded.number,"
        " place = excluded.place, turn_until = excluded.turn_until, extensions = 0, chosen = false,"
        " arrived_at = excluded.arrived_at, kept_until = excluded.kept_until",
        event,
        [entry.session_hash for entry in entries],
        [entry.subject for entry in entries],
        [entry.number for entry in entries],
        [entry.place for entry in entries],
        [entry.until for entry in entries],
        now,
        kept_until,
    )


async def have_chosen(sql: Sql, event: UUID, sessions: Iterable[bytes]) -> None:
    """These hold places now: somebody else may choose."""
    await sql.execute(
        "UPDATE waiting_ticket SET chosen = true"
        " WHERE event_id = $1 AND session_hash = ANY ($2) AND NOT chosen",
        event,
        list(sessions),
    )


async def extend(
    sql: Sql, event: UUID, session: bytes, now: datetime, until: datetime, most: int
) -> Ticket | None:
    """A longer turn; None where there is none, or it was extended as often as may be."""
    row = await sql.fetchrow(
        "UPDATE waiting_ticket SET turn_until = $4, extensions = extensions + 1"
        " WHERE event_id = $1 AND session_hash = $2 AND turn_until > $3 AND extensions < $5"
        " RETURNING session_hash, number, place, turn_until, extensions",
        event,
        session,
        now,
        until,
        most,
    )
    return None if row is None else _ticket(row)


async def leave(sql: Sql, event: UUID, session: bytes) -> None:
    """Give a ticket back, whatever it was worth."""
    await sql.execute("DELETE FROM waiting_ticket WHERE event_id = $1 AND session_hash = $2", event, session)


async def move(sql: Sql, session: bytes, to: bytes, subject: UUID) -> None:
    """Who logs in keeps their place: one visit before, one visit after."""
    await sql.execute(
        "UPDATE waiting_ticket SET session_hash = $2, subject_id = $3 WHERE session_hash = $1",
        session,
        to,
        subject,
    )


async def remove_expired(sql: Sql, now: datetime) -> int:
    """Forget tickets and rooms whose day is over; how many there were."""
    gone = await sql.execute("DELETE FROM waiting_ticket WHERE kept_until <= $1", now)
    return gone + await sql.execute("DELETE FROM waiting_room WHERE kept_until <= $1", now)


def _room(row: Any) -> Room:
    return Room(
        row["event_id"],
        row["opens_at"],
        row["drawn_at"] is not None,
        row["places"],
        row["called"],
        row["counted_at"],
        row["credit"],
        row["paced_since"],
        row["paced"],
    )


def _ticket(row: Any) -> Ticket:
    return Ticket(row["session_hash"], row["number"], row["place"], row["turn_until"], row["extensions"])
