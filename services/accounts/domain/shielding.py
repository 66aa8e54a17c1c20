"""Who is shielded, from when, and when somebody asks whether that is still wanted (F-70)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from chassis.decision import Accepted, Refused

REVIEW_AFTER = timedelta(days=365)
NOT_SHIELDED = Refused("not-protected")


@dataclass(frozen=True, slots=True)
class Shield:
    """Somebody is shielded for a reason since a moment, until somebody ends it."""

    id: UUID
    reason: str
    since: datetime
    review_on: date

    def due(self, now: datetime) -> bool:
        """Whether it is time to ask."""
        return self.review_on <= now.date()


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands about a person; `version` is 0 where nothing ever did."""

    shield: Shield | None = None
    version: int = 0


def shielded(before: Standing, id: UUID, reason: str, now: datetime) -> Standing:
    """Shielded from now on; whoever is already keeps their beginning, and was looked at again."""
    review_on = (now + REVIEW_AFTER).date()
    if before.shield is not None:
        return Standing(replace(before.shield, reason=reason, review_on=review_on), before.version)
    return Standing(Shield(id, reason, now, review_on), before.version + 1)


def ended(before: Standing) -> Accepted[Standing] | Refused:
    """No longer shielded; not-protected where nobody was."""
    return NOT_SHIELDED if before.shield is None else Accepted(Standing(None, before.version + 1))
