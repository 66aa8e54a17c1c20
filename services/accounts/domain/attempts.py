"""How often a password may be guessed."""

from chassis.decision import Accepted, Refused


def may_try(failures: int, limit: int) -> Accepted[None] | Refused:
    """Whether this try may be checked; `failures` counts it already, so that parallel tries are all counted.

    The answer is the same for names that exist and names that do not.
    """
    return Accepted(None) if failures <= limit else Refused("too-many-attempts")
