"""Why someone of the staff looks at a person's data."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from contracts.looks import ReasonCode


@dataclass(frozen=True, slots=True)
class Reason:
    """A code of the closed list, and the case it belongs to; written into the access log, never free text."""

    code: ReasonCode
    case: UUID | None = None
