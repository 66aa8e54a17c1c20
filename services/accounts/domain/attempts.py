"""How often a password may be guessed."""

from datetime import timedelta

from chassis.decision import Accepted, Refused


def may_try(failures: int, limit: int, window: timedelta) -> Accepted[None] | Refused:
    """Whether this try may be checked; `failures` counts it already, so that parallel tries are all counted.

    The answer is the same for names that exist and names that do not.
    """
    if failures <= limit:
        return Accepted(None)
    return Refused("too-many-attempts", {"retry_after": int(window.total_seconds())})
