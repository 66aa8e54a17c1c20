"""The draw among those who came before a sale began: fair, and open to checking afterwards (F-73).

A room's seed is made when the room opens. Its hash is shown at once, the seed itself after the draw, so that
nobody can pick the seed once they know who waits, and everybody can work out their own lot.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Draw:
    """What everybody may know of a draw: its seed's SHA-256 at once, the seed (hex) once it was held."""

    commitment: str
    drawn_at: datetime | None
    seed: str | None


def commitment(seed: bytes) -> str:
    """What is shown of a seed before the draw: its SHA-256, in hex."""
    return hashlib.sha256(seed).hexdigest()


def lot(seed: bytes, number: UUID) -> str:
    """The lot of a ticket: HMAC-SHA256 of its number's sixteen bytes under the seed, in hex."""
    return hmac.digest(seed, number.bytes, "sha256").hex()


def drawn(seed: bytes, numbers: Iterable[UUID]) -> list[UUID]:
    """Ticket numbers in the order of their lots, the lowest first; the order in which they came is lost."""
    return sorted(numbers, key=lambda number: lot(seed, number))
