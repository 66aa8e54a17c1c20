"""As whom sharing acts for an organisation when nobody asks: timers and listeners."""

from __future__ import annotations

from uuid import UUID

from contracts.actors import SYSTEM, Actor


def for_organisation(organisation: UUID) -> Actor:
    """The house itself, within the rows of one organisation."""
    return Actor(SYSTEM.role, SYSTEM.id, organisation)
