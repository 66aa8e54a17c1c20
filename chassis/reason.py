"""Why someone of the staff looks at a person's data."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Reason:
    """A code, and the case it belongs to; written into the access log, never free text."""

    code: str
    case: UUID | None = None
