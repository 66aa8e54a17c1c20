"""The form in which places are chosen, at the shop and at the counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.reading import as_uuid
from contracts.orders.api import CounterSale, HoldRequest, Standing
from services.gateway.neighbours.declined import Declined

MOST = 50
TOO_MANY = Declined.ours("more-than-an-order", 422)
"""More than any request may ask for; what an event allows is for orders to say."""
PREFIX = "standing."
BEST = "best."


@dataclass(frozen=True)
class Chosen:
    """What was chosen, kept for the form that comes back after a refusal.

    With `how` "best" the house picks the seats, so many at each price, in a zone; else they were picked.
    """

    seats: tuple[str, ...] = ()
    seat_price: str | None = None
    standing: dict[str, int] = field(default_factory=dict)
    code: str = ""
    wheelchair: bool = False
    how: str = "self"
    best: dict[str, int] = field(default_factory=dict)
    zone: str = ""

    @property
    def nothing(self) -> bool:
        """Whether nothing was chosen yet, so that the page may say how it is best done."""
        return self == Chosen()

    def hold_of(self, event: UUID) -> HoldRequest:
        """The hold that this asks for; ValidationError where it is more than any order."""
        return HoldRequest.model_validate({"event": event, **self._wanted()})

    def sale_of(self, event: UUID, method: str) -> CounterSale:
        """The counter sale that this asks for; ValidationError as above, and for an unknown method."""
        return CounterSale.model_validate({"event": event, "method": method, **self._wanted()})

    def _wanted(self) -> dict[str, Any]:
        return {
            "seats": self._seats() if self.how == "self" else (),
            "seat_price": self._price() if self.how == "self" else None,
            "best": self._best() if self.how == "best" else None,
            "standing": _counted(self.standing),
            "code": self.code or None,
            "wheelchair": self.wheelchair,
        }

    def _seats(self) -> tuple[UUID, ...]:
        """Ids of the chosen seats; what is no id is no seat."""
        return tuple(seat for seat in map(as_uuid, self.seats) if seat is not None)

    def _price(self) -> UUID | None:
        return as_uuid(self.seat_price) if self.seat_price and self.seats else None

    def _best(self) -> dict[str, Any] | None:
        seats = _counted(self.best)
        return {"seats": seats, "zone": self.zone or None} if seats else None


def read_places(fields: Sequence[tuple[str, str]]) -> Chosen:
    """Seats, their price and standing quantities from a posted form; nonsense quantities count as none."""
    seats = tuple(value for name, value in fields if name == "seat")[: MOST + 1]
    price = next((value for name, value in fields if name == "seat_price"), None)
    standing = {
        name.removeprefix(PREFIX): _quantity(value) for name, value in fields if name.startswith(PREFIX)
    }
    best = {name.removeprefix(BEST): _quantity(value) for name, value in fields if name.startswith(BEST)}
    typed = dict(fields)
    return Chosen(
        seats,
        price,
        standing,
        typed.get("code", "").strip()[:40],
        "wheelchair" in typed,
        "best" if typed.get("how") == "best" else "self",
        best,
        typed.get("zone", "")[:40],
    )


def _counted(wanted: dict[str, int]) -> tuple[Standing, ...]:
    """Places by price, without the prices of which none were wanted."""
    known = ((as_uuid(price), quantity) for price, quantity in wanted.items())
    return tuple(Standing(price=price, quantity=number) for price, number in known if price and number)


def _quantity(text: str) -> int:
    """A whole number from 0 to 50; more than anyone may order is refused by orders in words, so 50 it is."""
    stripped = text.strip()
    if not stripped.isascii() or not stripped.isdigit():
        return 0
    return min(int(stripped[:9]), MOST)
