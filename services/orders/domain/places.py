"""Who gets which places: all wishes of one batch against one stock, in the order in which they came."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from chassis.decision import Accepted, Refused
from services.orders.domain.money import vat_within
from services.orders.domain.season import Channel, Times


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """One price of an event; VAT is included in `cents`."""

    id: UUID
    place: Literal["seat", "standing"]
    cents: int
    vat_basis_points: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What an event allows."""

    times: Times
    hold_for: timedelta
    largest_order: int
    prices: Mapping[UUID, PriceTerms]


@dataclass(frozen=True, slots=True)
class Wish:
    """Places that someone wants: seats at one price, and standing places as price and quantity."""

    hold: UUID
    channel: Channel
    seats: tuple[UUID, ...] = ()
    seat_price: UUID | None = None
    standing: tuple[tuple[UUID, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Stock:
    """What is there: which of the wished seats exist, which are free, and how many standing places are."""

    seats: Set[UUID]
    free_seats: Set[UUID]
    standing_free: int


@dataclass(frozen=True, slots=True)
class Line:
    """One place at its price; `seat` is None for standing."""

    seat: UUID | None
    price: UUID
    cents: int
    vat_basis_points: int

    @property
    def vat_cents(self) -> int:
        """The VAT within, rounded per line."""
        return vat_within(self.cents, self.vat_basis_points)


@dataclass(frozen=True, slots=True)
class Reservation:
    """Places that are kept until an instant."""

    hold: UUID
    lines: tuple[Line, ...]
    expires_at: datetime


Outcome = Accepted[Reservation] | Refused


def decide_all(
    terms: Terms, stock: Stock, wishes: Sequence[Wish], now: datetime, kept: Collection[UUID] = ()
) -> list[Outcome]:
    """One outcome per wish, in order: who comes first gets the places. `kept` are wishes met before.

    Refusals: not-on-sale, sale-closed, nothing-chosen, too-many-places, unknown-price, wrong-price,
    unknown-seat, seat-taken, sold-out, hold-repeated.
    """
    free, standing = set(stock.free_seats), stock.standing_free
    known = set(kept)
    outcomes: list[Outcome] = []
    for wish in wishes:
        outcome = _decide(terms, Stock(stock.seats, free, standing), wish, now, known)
        if isinstance(outcome, Accepted):
            known.add(wish.hold)
            free -= {line.seat for line in outcome.value.lines if line.seat}
            standing -= sum(line.seat is None for line in outcome.value.lines)
        outcomes.append(outcome)
    return outcomes


def _decide(terms: Terms, stock: Stock, wish: Wish, now: datetime, known: Collection[UUID]) -> Outcome:
    if wish.hold in known:
        return Refused("hold-repeated")
    closed = _closed(terms, wish, now)
    if closed:
        return closed
    lines = _lines(terms, wish)
    if isinstance(lines, Refused):
        return lines
    missing = _missing(stock, lines)
    if missing:
        return missing
    return Accepted(Reservation(wish.hold, lines, now + terms.hold_for))


def _closed(terms: Terms, wish: Wish, now: datetime) -> Refused | None:
    if now < terms.times.on_sale_from:
        return Refused("not-on-sale")
    if now >= terms.times.sold_until(wish.channel):
        return Refused("sale-closed")
    return None


def _lines(terms: Terms, wish: Wish) -> tuple[Line, ...] | Refused:
    """The places that a wish asks for, with what each costs."""
    seats = tuple(dict.fromkeys(wish.seats))
    wanted = len(seats) + sum(quantity for _, quantity in wish.standing)
    if wanted == 0:
        return Refused("nothing-chosen")
    if wanted > terms.largest_order:
        return Refused("too-many-places", {"largest": terms.largest_order})
    asked: list[tuple[UUID | None, UUID | None]] = [(seat, wish.seat_price) for seat in seats]
    asked += [(None, price) for price, quantity in wish.standing for _ in range(quantity)]
    lines: list[Line] = []
    for seat, chosen in asked:
        price = _price(terms, chosen, "seat" if seat else "standing")
        if isinstance(price, Refused):
            return price
        lines.append(Line(seat, price.id, price.cents, price.vat_basis_points))
    return tuple(lines)


def _price(terms: Terms, chosen: UUID | None, place: str) -> PriceTerms | Refused:
    price = terms.prices.get(chosen) if chosen else None
    if price is None:
        return Refused("unknown-price")
    return price if price.place == place else Refused("wrong-price")


def _missing(stock: Stock, lines: Iterable[Line]) -> Refused | None:
    seats = {line.seat for line in lines if line.seat}
    if not seats <= stock.seats:
        return Refused("unknown-seat")
    taken = len(seats - stock.free_seats)
    if taken:
        return Refused("seat-taken", {"taken": taken, "wanted": len(seats)})
    standing = sum(line.seat is None for line in lines)
    if standing > stock.standing_free:
        return Refused("sold-out", {"left": max(stock.standing_free, 0), "wanted": standing})
    return None
