"""The form in which places are chosen, at the shop and at the counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chassis.reading import as_uuid
from contracts.orders.api import CounterSale, HoldRequest, Standing

MOST = 50
PREFIX = "standing."


@dataclass(frozen=True)
class Chosen:
    """What was chosen, kept for the form that comes back after a refusal."""

    seats: tuple[str, ...] = ()
    seat_price: str | None = None
    standing: dict[str, int] = field(default_factory=dict)
    code: str = ""
    wheelchair: bool = False

    def hold_of(self, event: UUID) -> HoldRequest:
        """The hold that this asks for; ValidationError where it is more than any order."""
        return HoldRequest.model_validate({"event": event, **self._wanted()})

    def sale_of(self, event: UUID, method: str) -> CounterSale:
        """The counter sale that this asks for; ValidationError as above, and for an unknown method."""
        return CounterSale.model_validate({"event": event, "method": method, **self._wanted()})

    def _wanted(self) -> dict[str, Any]:
        return {
            "seats": self._seats(),
            "seat_price": self._price(),
            "standing": self._standing(),
            "code": self.code or None,
            "wheelchair": self.wheelchair,
        }

    def _seats(self) -> tuple[UUID, ...]:
        """Ids of the chosen seats; what is no id is no seat."""
        return tuple(seat for seat in map(as_uuid, self.seats) if seat is not None)

    def _price(self) -> UUID | None:
        return as_uuid(self.seat_price) if self.seat_price and self.seats else None

    def _standing(self) -> tuple[Standing, ...]:
        """Standing places by price, without the prices of which none were wanted."""
        wanted = ((as_uuid(price), quantity) for price, quantity in self.standing.items())
        return tuple(
            Standing(price=price, quantity=quantity)
            for price, quantity in wanted
            if price is not None and quantity
        )


def read_places(fields: Sequence[tuple[str, str]]) -> Chosen:
    """Seats, their price and standing quantities from a posted form; nonsense quantities count as none."""
    seats = tuple(value for name, value in fields if name == "seat")[: MOST + 1]
    price = next((value for name, value in fields if name == "seat_price"), None)
    standing = {
        name.removeprefix(PREFIX): _quantity(value) for name, value in fields if name.startswith(PREFIX)
    }
    typed = dict(fields)
    return Chosen(seats, price, standing, typed.get("code", "").strip()[:40], "wheelchair" in typed)


def _quantity(text: str) -> int:
    """A whole number from 0 to 50; more than anyone may order is refused by orders in words, so 50 it is."""
    stripped = text.strip()
    if not stripped.isascii() or not stripped.isdigit():
        return 0
    return min(int(stripped[:9]), MOST)
