"""Who may open which case, and by when it is answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.decision import Accepted, Refused
from contracts.actors import Actor, Role
from services.retention.domain.calendar import moved


@dataclass(frozen=True, slots=True)
class Clocks:
    """The house's promise (W-47) and the law's month (Art. 12(3))."""

    promised_by: datetime
    due_by: datetime


def clocks_from(opened_at: datetime, promised_days: int) -> Clocks:
    """Both clocks of a case, from the moment it was received."""
    return Clocks(opened_at + timedelta(days=promised_days), moved(opened_at, 1))


def asked_for(actor: Actor, wanted: UUID | None) -> Accepted[UUID] | Refused:
    """Whose case this is: a visitor's own, or the person that an officer names."""
    if actor.role is Role.VISITOR:
        own = wanted is None or wanted == actor.id
        return Accepted(actor.id) if own else Refused("case-of-another")
    return Accepted(wanted) if wanted else Refused("case-needs-subject")


def confirmed(kind: str, understood: bool) -> Accepted[None] | Refused:
    """An erasure asks that the person was told what can no longer be done for them (G-63)."""
    if kind == "erasure" and not understood:
        return Refused("erasure-not-understood")
    return Accepted(None)


def decidable(kind: str, is_open: bool, stands: bool, grounds: str | None) -> Accepted[None] | Refused:
    """Whether an objection can be decided like this: only named grounds override one (Art. 21(1))."""
    if kind != "objection" or not is_open:
        return Refused("nothing-to-decide")
    if not stands and grounds is None:
        return Refused("grounds-missing")
    if stands and grounds is not None:
        return Refused("grounds-too-many")
    return Accepted(None)
