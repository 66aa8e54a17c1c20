"""What a recipient may learn of an attendee: the agreement, cut by what was chosen (G-51, W-33)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

DOOR_LIST = "co_presentation_door_list"
ADMINISTRATION = "co_presentation_administration"
NEWS = "co_presentation_news"
CO_PRESENTATION = (DOOR_LIST, ADMINISTRATION, NEWS)
EXCHANGE = "contract_exchange"
"""The courier's: it knows whom to bring news of, and reads the data under the purposes above."""
CHANNEL = "email"
"""The one channel of co-presentation: choices about it are made for e-mail."""

NO_LONGER = frozenset({"refused", "withdrawn", "expired", "objected"})
"""States of a choice that end a purpose."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """Terms that an organisation accepted; instants are aware, `valid_until` None means open-ended."""

    allowed: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None

    def in_force(self, now: datetime) -> bool:
        """Whether anything may be delivered under these terms at an instant (W-30)."""
        return self.valid_from <= now and (self.valid_until is None or now < self.valid_until)


@dataclass(frozen=True, slots=True)
class Share:
    """An attendee's part in one co-presented event. `id` is the recipient's own id for the person."""

    id: UUID
    subject: UUID
    order: UUID
    event: UUID
    organisation: UUID
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AtTheDoor:
    """What the door list needs."""

    name: str | None
    seats: tuple[str, ...]


def agreed_now(agreements: Collection[Agreement], now: datetime) -> frozenset[str]:
    """The purposes of all terms in force."""
    return frozenset(
        p for one in agreements if one.in_force(now) for p in one.allowed if p in CO_PRESENTATION
    )


def may_leave(share: Share, agreed: Collection[str], open_gates: Collection[str]) -> tuple[str, ...]:
    """The purposes for which something may leave now: registered, agreed, and not refused by the person."""
    return tuple(p for p in CO_PRESENTATION if p in share.allowed and p in agreed and p in open_gates)


def without(allowed: Collection[str], purpose: str) -> tuple[str, ...]:
    """The purposes that stay when one is refused."""
    return tuple(p for p in CO_PRESENTATION if p in allowed and p != purpose)


def together(before: Collection[str], more: Collection[str]) -> tuple[str, ...]:
    """The purposes of two registrations of the same person and order."""
    return tuple(p for p in CO_PRESENTATION if p in before or p in more)
