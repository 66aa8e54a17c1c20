"""Announces what the season loads, so that every service hears of it the usual way."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from contracts.envelope import Event


async def announce(connection: Any, event: Event, now: datetime) -> None:
    """Put an event into a service's outbox; its relay sends it on when the service runs."""
    await connection.execute(
        "INSERT INTO outbox (id, topic, subject, body, born_at, next_try, request_id)"
        " VALUES ($1, $2, $3, $4, $5, $5, 'season-was-loaded')",
        uuid4(),
        event.topic,
        event.subject_of(),
        event.model_dump_json(),
        now,
    )
