"""Who may answer a contest, and when (Art. 22(3))."""

from chassis.decision import Accepted, Refused

ASKED = "asked"


def decide_review(kind: str, state: str) -> Accepted[None] | Refused:
    """Whether a case waits for a person's decision: not-contested, reviewed-already."""
    if kind != "contest":
        return Refused("not-contested")
    return Accepted(None) if state == ASKED else Refused("reviewed-already")
