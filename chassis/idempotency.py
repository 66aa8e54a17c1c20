"""A request with an Idempotency-Key is carried out once: key, hash of the body, status and what came of it.

The answer's body is never kept; whoever asks again is answered from the present state of the outcome.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from pydantic import BaseModel

from chassis.decision import Refused
from chassis.work import Sql, Work

KEPT = timedelta(hours=24)
RECALL = "SELECT body_hash, status, outcome FROM idempotency_key WHERE subject = $1 AND key = $2"
REMEMBER = """
INSERT INTO idempotency_key (subject, key, purpose, body_hash, status, outcome, made_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a key stands for: the HTTP status and the id of what was made."""

    status: int
    outcome: UUID | None


class KeyTaken(Exception):
    """Another request with this key was committed meanwhile: roll back, and answer with `recall`."""


def hash_of(body: BaseModel | None) -> str:
    """SHA-256 of a body, so that a key cannot be used again for something else."""
    return hashlib.sha256(body.model_dump_json().encode() if body is not None else b"").hexdigest()


async def recall(sql: Sql, subject: UUID, key: str, body_hash: str) -> Remembered | Refused | None:
    """What this person's key stands for, None where it is new, refused (`key-reused`) for another body."""
    row = await sql.fetchrow(RECALL, subject, key)
    if row is None:
        return None
    if row["body_hash"] != body_hash:
        return Refused("key-reused")
    return Remembered(row["status"], row["outcome"])


async def remember(
    work: Work, key: str, body_hash: str, outcome: UUID | None = None, status: int = 201
) -> None:
    """Keep a key of the acting person in the transaction of the request; KeyTaken if it is taken.

    A request that comes twice at the same time waits here for the first one to commit.
    """
    row = (work.actor.id, key, work.purpose, body_hash, status, outcome, work.now, work.now + KEPT)
    if await work.execute(REMEMBER, *row) == 0:
        raise KeyTaken
