"""Who gets which places: all wishes of one batch against one stock, in the order in which they came."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from chassis.decision import Accepted, Refused
from contracts.orders.api import PlacesWanted
from services.orders.domain.best_seats import best_seats, with_wheelchair
from services.orders.domain.discounts import Discount, reduced, usable
from services.orders.domain.money import vat_within
from services.orders.domain.season import Channel, Times
from services.orders.domain.seating import Seating
from services.orders.domain.single_seats import left_alone

BOTH: frozenset[str] = frozenset(("online", "counter"))
FOR_WHEELCHAIRS = frozenset(("wheelchair", "companion"))


@dataclass(frozen=True, slots=True)
class PriceTerms:
    """One price of an event and on which conditions it is sold; VAT is included in `cents` (F-06).

    `zones` names other prices by zone; `least` and `most` are places per order.
    """

    id: UUID
    place: Literal["seat", "standing"]
    cents: int
    vat_basis_points: int
    zones: Mapping[str, int] = field(default_factory=dict)
    channels: Set[str] = BOTH
    least: int = 1
    most: int | None = None
    sold_from: datetime | None = None
    sold_until: datetime | None = None

    def sold(self, channel: Channel, now: datetime) -> bool:
        """Whether it is sold there and then."""
        begun = self.sold_from is None or now >= self.sold_from
        return channel in self.channels and begun and (self.sold_until is None or now < self.sold_until)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an event allows. `wheelchair_kept`: such places are still for who needs them (F-03).

    `no_singles`: who picks seats online leaves none alone that could be sold with another (F-02).
    """

    times: Times
    hold_for: timedelta
    largest_order: int
    prices: Mapping[UUID, PriceTerms]
    wheelchair_kept: bool = False
    counter_standing: int = 0
    no_singles: bool = False


@dataclass(frozen=True, slots=True)
class Best:
    """Seats that the house picks: how many at which prices, in one zone or anywhere."""

    prices: tuple[tuple[UUID, int], ...]
    zone: str | None = None

    @property
    def count(self) -> int:
        """How many seats."""
        return sum(quantity for _, quantity in self.prices)


@dataclass(frozen=True, slots=True)
class Wish:
    """Places that someone wants: seats at one price or at their own, standing places as price and quantity.

    `code` takes something off; `wheelchair` says that someone of the party needs such a place; `best` are
    seats that the house picks beside those that are named.
    """

    hold: UUID
    channel: Channel
    seats: tuple[UUID, ...] = ()
    seat_price: UUID | None = None
    standing: tuple[tuple[UUID, int], ...] = ()
    seat_prices: Mapping[UUID, UUID] = field(default_factory=dict)
    code: str | None = None
    wheelchair: bool = False
    best: Best | None = None

    @staticmethod
    def of(hold: UUID, channel: Channel, wanted: PlacesWanted) -> Wish:
        """The wish of a request."""
        best = None
        if wanted.best:
            prices = tuple((one.price, one.quantity) for one in wanted.best.seats)
            best = Best(prices, wanted.best.zone)
        return Wish(
            hold,
            channel,
            wanted.seats,
            wanted.seat_price,
            tuple((one.price, one.quantity) for one in wanted.standing),
            {one.seat: one.price for one in wanted.seat_prices},
            wanted.code,
            wanted.wheelchair,
            best,
        )


@dataclass(frozen=True, slots=True)
class SeatFacts:
    """A seat that is not like most: zone, kind, and whether only the counter may sell it now (F-35)."""

    zone: str = ""
    kind: str = "normal"
    counter_only: bool = False


PLAIN = SeatFacts()


@dataclass(frozen=True, slots=True)
class Stock:
    """What is there: which of the wished seats exist, which are free, and how many standing places are.

    `facts` has the seats that are not plain, `discounts` what the wished codes take off. With `seating` all
    seats of the event are there: it is wanted where the house picks, and where no single seat may be left.
    """

    seats: Set[UUID]
    free_seats: Set[UUID]
    standing_free: int
    facts: Mapping[UUID, SeatFacts] = field(default_factory=dict)
    discounts: Mapping[str, Discount] = field(default_factory=dict)
    seating: Seating | None = None
    counter_only: Set[UUID] = frozenset()

    def free_to(self, terms: Terms, wish: Wish) -> Set[UUID]:
        """Seats that this wish may be given, whatever it asks for."""
        free = self.free_seats
        if self.counter_only and wish.channel == "online":
            free = free - self.counter_only
        if self.seating and terms.wheelchair_kept and not wish.wheelchair:
            free = free - self.seating.for_wheelchairs
        return free


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
    """Places that are kept until an instant, and what a code took off them."""

    hold: UUID
    lines: tuple[Line, ...]
    expires_at: datetime
    voucher: UUID | None = None
    discount_cents: int = 0


Outcome = Accepted[Reservation] | Refused


def decide_all(
    terms: Terms, stock: Stock, wishes: Sequence[Wish], now: datetime, kept: Collection[UUID] = ()
) -> list[Outcome]:
    """One outcome per wish, in order: who comes first gets the places. `kept` are wishes met before.

    Refusals: not-on-sale, sale-closed, nothing-chosen, too-many-places, unknown-price, wrong-price,
    price-not-sold, price-too-few, price-too-many, unknown-seat, seat-taken, wheelchair-place,
    companion-alone, sold-out, no-seats-together, no-wheelchair-place, leaves-single, unknown-code,
    code-not-valid, code-used-up, hold-repeated.
    """
    free, standing = set(stock.free_seats), stock.standing_free
    known, used = set(kept), Counter[UUID]()
    outcomes: list[Outcome] = []
    for wish in wishes:
        left = replace(stock, free_seats=free, standing_free=standing)
        outcome = _decide(terms, left, wish, now, known, used)
        if isinstance(outcome, Accepted):
            known.add(wish.hold)
            free -= {line.seat for line in outcome.value.lines if line.seat}
            standing -= sum(line.seat is None for line in outcome.value.lines)
            used.update([outcome.value.voucher] if outcome.value.voucher else [])
        outcomes.append(outcome)
    return outcomes


def _decide(
    terms: Terms, stock: Stock, wish: Wish, now: datetime, known: Collection[UUID], used: Mapping[UUID, int]
) -> Outcome:
    if wish.hold in known:
        return Refused("hold-repeated")
    refused = _closed(terms, wish, now) or _amount(terms, wish)
    if refused:
        return refused
    chosen = _picked(terms, stock, wish)
    if isinstance(chosen, Refused):
        return chosen
    lines = _lines(terms, stock, chosen)
    if isinstance(lines, Refused):
        return lines
    refused = _conditions(terms, lines, wish, now) or _missing(terms, stock, lines, wish)
    refused = refused or _singles(terms, stock, wish)
    if refused:
        return refused
    return _at_its_price(stock, Reservation(wish.hold, lines, now + terms.hold_for), wish, now, used)


def _at_its_price(
    stock: Stock, kept: Reservation, wish: Wish, now: datetime, used: Mapping[UUID, int]
) -> Outcome:
    """What a code takes off the lines of a reservation (F-07)."""
    if wish.code is None:
        return Accepted(kept)
    known = stock.discounts.get(wish.code)
    found = usable(known, used.get(known.id, 0) if known else 0, now)
    if isinstance(found, Refused):
        return found
    cents = reduced([line.cents for line in kept.lines], found)
    lines = tuple(replace(line, cents=less) for line, less in zip(kept.lines, cents, strict=True))
    off = sum(line.cents for line in kept.lines) - sum(cents)
    return Accepted(replace(kept, lines=lines, voucher=found.id, discount_cents=off))


def _closed(terms: Terms, wish: Wish, now: datetime) -> Refused | None:
    if terms.times.closed(wish.channel, now):
        return Refused("sale-closed")
    if not terms.times.opened(now):
        return Refused("not-on-sale")
    return None


def _amount(terms: Terms, wish: Wish) -> Refused | None:
    """Whether it is more than nothing and no more than an order may be."""
    wanted = len(set(wish.seats)) + sum(quantity for _, quantity in wish.standing)
    wanted += wish.best.count if wish.best else 0
    if wanted == 0:
        return Refused("nothing-chosen")
    if wanted > terms.largest_order:
        return Refused("too-many-places", {"largest": terms.largest_order})
    return None


def _picked(terms: Terms, stock: Stock, wish: Wish) -> Wish | Refused:
    """The wish with the seats that the house picks for it."""
    if wish.best is None or stock.seating is None:
        return wish
    free, count = stock.free_to(terms, wish) - set(wish.seats), wish.best.count
    pick = with_wheelchair if wish.wheelchair else best_seats
    found = pick(stock.seating, free, count, wish.best.zone)
    if found is None:
        none = "no-wheelchair-place" if wish.wheelchair else "no-seats-together"
        return Refused(none, {"wanted": count, "left": len(free)})
    prices = [price for price, quantity in wish.best.prices for _ in range(quantity)]
    seats = {seat.id: price for seat, price in zip(found, prices, strict=True)}
    return replace(wish, seats=(*wish.seats, *seats), seat_prices={**wish.seat_prices, **seats})


def _singles(terms: Terms, stock: Stock, wish: Wish) -> Refused | None:
    """Whether seats that were picked online leave one alone; a wheelchair leaves little choice."""
    if stock.seating is None or not terms.no_singles or wish.channel != "online" or wish.wheelchair:
        return None
    alone = left_alone(stock.seating, stock.free_to(terms, wish), set(wish.seats))
    return Refused("leaves-single", {"seat": alone.label}) if alone else None


def _lines(terms: Terms, stock: Stock, wish: Wish) -> tuple[Line, ...] | Refused:
    """The places that a wish asks for, with what each costs."""
    seats = tuple(dict.fromkeys(wish.seats))
    asked: list[tuple[UUID | None, UUID | None]] = [
        (seat, wish.seat_prices.get(seat, wish.seat_price)) for seat in seats
    ]
    asked += [(None, price) for price, quantity in wish.standing for _ in range(quantity)]
    lines: list[Line] = []
    for seat, chosen in asked:
        price = _price(terms, chosen, "seat" if seat else "standing")
        if isinstance(price, Refused):
            return price
        zone = stock.facts.get(seat, PLAIN).zone if seat else ""
        lines.append(Line(seat, price.id, price.zones.get(zone, price.cents), price.vat_basis_points))
    return tuple(lines)


def _price(terms: Terms, chosen: UUID | None, place: str) -> PriceTerms | Refused:
    price = terms.prices.get(chosen) if chosen else None
    if price is None:
        return Refused("unknown-price")
    return price if price.place == place else Refused("wrong-price")


def _conditions(terms: Terms, lines: Iterable[Line], wish: Wish, now: datetime) -> Refused | None:
    """Whether each price is sold to this wish; age and proof are looked at by people."""
    for chosen, places in Counter(line.price for line in lines).items():
        price = terms.prices[chosen]
        if not price.sold(wish.channel, now):
            return Refused("price-not-sold")
        if places < price.least:
            return Refused("price-too-few", {"least": price.least})
        if price.most is not None and places > price.most:
            return Refused("price-too-many", {"most": price.most})
    return None


def _missing(terms: Terms, stock: Stock, lines: Iterable[Line], wish: Wish) -> Refused | None:
    seats = {line.seat for line in lines if line.seat}
    if not seats <= stock.seats:
        return Refused("unknown-seat")
    facts = {seat: stock.facts.get(seat, PLAIN) for seat in seats}
    kept = {seat for seat, fact in facts.items() if fact.counter_only} | (seats & stock.counter_only)
    taken = len((seats - stock.free_seats) | (kept if wish.channel == "online" else set()))
    if taken:
        return Refused("seat-taken", {"taken": taken, "wanted": len(seats)})
    if terms.wheelchair_kept:
        kinds = {fact.kind for fact in facts.values()}
        if kinds & FOR_WHEELCHAIRS and not wish.wheelchair:
            return Refused("wheelchair-place")
        if "companion" in kinds and "wheelchair" not in kinds:
            return Refused("companion-alone")
    return _too_few_standing(terms, stock, lines, wish)


def _too_few_standing(terms: Terms, stock: Stock, lines: Iterable[Line], wish: Wish) -> Refused | None:
    standing = sum(line.seat is None for line in lines)
    left = stock.standing_free - (terms.counter_standing if wish.channel == "online" else 0)
    if standing > max(left, 0):
        return Refused("sold-out", {"left": max(left, 0), "wanted": standing})
    return None
