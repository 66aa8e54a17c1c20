"""What the house decides about organisations that sell here, and what may follow what (W-01)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.decision import Accepted, Refused
from contracts.accounts.organisations import Decision, Ground, State

AFTER: dict[tuple[State, Decision], State] = {
    ("waiting", "verify"): "verified",
    ("waiting", "refuse"): "refused",
    ("verified", "verify"): "verified",
    ("verified", "suspend"): "suspended",
    ("verified", "end"): "ended",
    ("suspended", "resume"): "verified",
    ("suspended", "end"): "ended",
}
"""Which state follows which decision; to verify again says that somebody looked at what changed."""
WITHOUT_GROUND = frozenset({"verify", "resume"})
OVER = frozenset({"refused", "ended"})
"""States after which the law's term runs."""


@dataclass(frozen=True, slots=True)
class Course:
    """How an organisation goes on; where it `begins`, its first owner is appointed."""

    state: State
    ground: Ground | None
    begins: bool

    @property
    def over(self) -> bool:
        """Whether its data are kept for the law's term from now on, and no longer."""
        return self.state in OVER


def decide(state: State, decision: Decision, ground: Ground | None) -> Accepted[Course] | Refused:
    """What follows a decision. Refusals: decision-impossible, ground-missing."""
    after = AFTER.get((state, decision))
    if after is None:
        return Refused("decision-impossible")
    if ground is None and decision not in WITHOUT_GROUND:
        return Refused("ground-missing")
    kept = None if decision in WITHOUT_GROUND else ground
    return Accepted(Course(after, kept, state == "waiting" and after == "verified"))


def may_sign_up(log_in: bool, role: bool, waiting: bool) -> Accepted[None] | Refused:
    """Whether a person can sign an organisation up. Refusals: account-needed, role-held, sign-up-waiting."""
    if not log_in:
        return Refused("account-needed")
    if role:
        return Refused("role-held")
    return Refused("sign-up-waiting") if waiting else Accepted(None)
