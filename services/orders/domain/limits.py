"""How many places one buyer may have: an automated decision, told by its numbers (W-46, GDPR Art. 22)."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from chassis.decision import Accepted, Refused

RuleName = Literal["event", "production"]
SLUGS: dict[RuleName, str] = {"event": "purchase-limit", "production": "purchase-limit-of-production"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One limit and what it goes by: `counted` places are there already, a person `granted` some on top."""

    name: RuleName
    most: int
    counted: int
    granted: int = 0

    @property
    def allowed(self) -> int:
        """How many places this buyer may have in all."""
        return self.most + self.granted

    @property
    def left(self) -> int:
        """How many places this buyer may still order."""
        return max(0, self.allowed - self.counted)


def decide_limits(rules: Sequence[Rule], asked: int) -> Accepted[None] | Refused:
    """Whether a buyer may order so many places; purchase-limit, purchase-limit-of-production."""
    for rule in rules:
        if asked > rule.left:
            facts = {"most": rule.allowed, "counted": rule.counted, "asked": asked, "left": rule.left}
            return Refused(SLUGS[rule.name], facts)
    return Accepted(None)


class BuyerKeys:
    """Knows the same address again without keeping it: a keyed hash, worth nothing without the key."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def of(self, email: str) -> bytes:
        """The hash of an address, however its letters were typed. What stands after a plus counts."""
        plain = unicodedata.normalize("NFKC", email).strip().casefold()
        return hmac.new(self._secret, plain.encode(), hashlib.sha256).digest()


def locks_of(hold: UUID, scopes: Sequence[UUID], buyer_key: bytes, subject: UUID) -> list[int]:
    """What to lock so that checkouts of one buyer, or of one hold, wait for each other: in the same order."""
    who = (buyer_key, subject.bytes)
    return sorted({lock_of(hold), *(_lock(scope.bytes + one) for scope in scopes for one in who)})


def lock_of(hold: UUID) -> int:
    """What to lock so that the claim of a hold stays what it is."""
    return _lock(hold.bytes)


def _lock(about: bytes) -> int:
    return int.from_bytes(hashlib.sha256(about).digest()[:8], "big", signed=True)
