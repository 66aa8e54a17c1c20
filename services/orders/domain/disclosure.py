"""What a co-presenter may learn of a buyer: the agreement, cut by what the person allows (G-51, W-33)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

DOOR_LIST = "co_presentation_door_list"
ADMINISTRATION = "co_presentation_administration"
NEWS = "co_presentation_news"
PURPOSES = (DOOR_LIST, ADMINISTRATION, NEWS)
CHANNEL = "email"


@dataclass(frozen=True, slots=True)
class Buyer:
    """What a co-presenter could get of a buyer: each part as its purpose sees it, or None."""

    name: str | None
    email: str | None
    seats: tuple[str, ...]
    counted: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What a co-presenter gets: the purposes, and the union of their fields only."""

    allowed: tuple[str, ...]
    name: str | None
    email: str | None
    seats: tuple[str, ...]


def what_to_tell(agreed: Collection[str], buyer: Buyer) -> Told:
    """Name and seats for the door list, e-mail for news after consent; settling needs counts, so no field."""
    open_to = {
        DOOR_LIST: buyer.name is not None,
        ADMINISTRATION: buyer.counted,
        NEWS: buyer.email is not None,
    }
    allowed = tuple(p for p in PURPOSES if p in agreed and open_to[p])
    at_door, by_mail = DOOR_LIST in allowed, NEWS in allowed
    return Told(
        allowed,
        buyer.name if at_door else None,
        buyer.email if by_mail else None,
        buyer.seats if at_door else (),
    )


@dataclass(frozen=True, slots=True)
class Correction:
    """Changed fields of a person; None where a field did not change."""

    name: str | None
    email: str | None

    @property
    def empty(self) -> bool:
        """Whether nothing changed."""
        return self.name is None and self.email is None


def what_to_correct(told: Collection[str], changed: Correction) -> Correction:
    """The changed fields that some co-presenter holds, from all purposes it was told about (X-02)."""
    return Correction(
        changed.name if DOOR_LIST in told else None,
        changed.email if NEWS in told else None,
    )
