"""Bodies and answers of orders over HTTP. Money is integer cents with VAT included, times are aware UTC.

Routes (purpose, roles):
    GET  /events  order_guidance, any role       -> EventList (?past=true for planners)
    GET  /events/{slug}  order_guidance, any role       -> EventDetail
    POST /holds  ticket_sale, visitor|box_office <- HoldRequest -> Hold (201)
    GET  /holds/{hold}  ticket_sale, visitor|box_office -> Hold
    DELETE /holds/{hold}  ticket_sale, visitor|box_office -> 204
    PUT  /holds/{hold}/extension  ticket_sale, visitor|box_office -> Hold, kept longer for once
    POST /holds/{hold}/again  ticket_sale, visitor|box_office <- HoldAgain -> Hold (201), the same or like it
    POST /holds/{hold}/contest  purchase_limit, visitor <- LimitContest -> LimitContested (201)
    POST /orders  ticket_sale, visitor           <- Checkout, Idempotency-Key -> Order (201)
    GET  /orders/{order}  order_guidance, visitor (own), box_office -> Order
    POST /orders/{order}/payment  payment, visitor (own)         -> Order, a new try to pay, Idempotency-Key
    GET  /my/orders  rights, visitor                -> OrderList
    GET  /payment-methods  order_guidance, any role -> money.PaymentMethods
    POST /webhooks/mollie  payment, open                  <- MollieWebhook -> 200 always when well-formed
    POST /counter/sales  counter_sale, box_office       <- CounterSale, Idempotency-Key -> Order (201)
    POST /door/admissions  door_admission, steward|supervisor <- Scan -> Admission
    GET  /door/events/{event}  door_admission, steward|supervisor -> DoorCount
    GET  /events/{event}/figures  co_presentation_administration, organiser (own organisation) -> EventFigures
    GET  /organiser/events  co_presentation_administration, organiser -> FigureList
    GET  /books  bookkeeping, finance|privacy_officer -> money.Books
    GET  /orders/by-number/{number}/subject  rights, privacy_officer -> FoundSubject
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from contracts.envelope import Model
from contracts.orders.money import MethodId, MoneyBack
from contracts.personal import Email, Locale, PersonName, Phone, SeatLabel, SubjectId
from contracts.texts import Text

Cents = Annotated[int, Field(ge=0, le=100_000_000)]


def _as_printed(typed: object) -> object:
    """A code as it is printed: people type small letters and spaces, too."""
    return typed.replace(" ", "").upper() if isinstance(typed, str) else typed


Code = Annotated[str, BeforeValidator(_as_printed), Field(max_length=40, pattern=r"^[A-Z0-9-]{3,40}$")]
TypedCode = Annotated[str, BeforeValidator(_as_printed), Field(max_length=40)]
"""What a buyer typed as a code: whatever is none is an unknown one."""


EventState = Literal["announced", "soon", "on_sale", "sold_out", "closed", "past"]
"""Announced: no sale is planned yet. Closed: the online sale is over, the event has yet to end."""


class Partner(Model):
    """An organisation that presents an event together with the house, and what it may be given."""

    organisation: UUID
    name: str
    asks_for_news: bool


class EventSummary(Model):
    """One event in the season; `version` grows with each change."""

    id: UUID
    version: int
    slug: str
    title: Text
    blurb: Text
    hall: str
    on_sale_from: datetime
    doors_at: datetime
    starts_at: datetime
    ends_at: datetime
    state: EventState
    from_cents: Cents
    partners: tuple[Partner, ...]


class Gathering(Model):
    """What belongs together: a season or a series, and its events in order of time (F-53)."""

    id: UUID
    title: Text
    events: tuple[UUID, ...]


class EventList(Model):
    """What is on, in order of time, and which seasons and series that belongs to, the nearest first."""

    events: tuple[EventSummary, ...]
    seasons: tuple[Gathering, ...] = ()
    series: tuple[Gathering, ...] = ()


class Price(Model):
    """A price type of an event and its conditions (F-06); VAT is included in all cents.

    `zones` has the price in zones where it is not `cents`; `least` and `most` are places per order.
    Ages in years and `proof` are looked at by people at the door. `sold` says whether it is sold now.
    """

    id: UUID
    title: Text
    place: Literal["seat", "standing"]
    cents: Cents
    vat_basis_points: int
    zones: Mapping[str, Cents] = {}
    least: int = 1
    most: int | None = None
    youngest: int | None = None
    oldest: int | None = None
    proof: Text | None = None
    sold: bool = True


SeatKind = Literal["normal", "wheelchair", "companion", "restricted"]
Zone = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Seat(Model):
    """A numbered seat on the map; x and y are units of one seat. `restricted` is a seat with less to see.

    `zone` is a key of EventDetail.zones, or empty.
    """

    id: UUID
    label: str
    row: str
    number: int
    x: float
    y: float
    zone: str = ""
    kind: SeatKind = "normal"
    free: bool


class SeriesName(Model):
    """A series that an event belongs to."""

    id: UUID
    title: Text


class EventDate(Model):
    """Another date of the same production."""

    slug: str
    starts_at: datetime
    state: EventState


class EventDetail(Model):
    """An event with its prices, its seats, and how many standing places are free (None: has none).

    `buyer_limit`: how many places one buyer may order online, all orders together; a machine counts (W-46).
    While `wheelchair_kept`, places for wheelchairs and companions are held only with PlacesWanted.wheelchair.
    `refund_policy` says when money is given back (F-17).
    """

    event: EventSummary
    prices: tuple[Price, ...]
    seats: tuple[Seat, ...]
    zones: Mapping[str, Text] = {}
    standing_free: int | None
    hold_seconds: int
    largest_order: int
    buyer_limit: int | None = None
    wheelchair_kept: bool = False
    series: SeriesName | None = None
    dates: tuple[EventDate, ...] = ()
    refund_policy: Text


class Standing(Model):
    """A number of places at one price."""

    price: UUID
    quantity: Annotated[int, Field(ge=1, le=50)]


class SeatPrice(Model):
    """The price of one seat, where it is another one than that of the others."""

    seat: UUID
    price: UUID


class BestSeats(Model):
    """Seats that the house picks, together and the best there are (F-02): how many at each price.

    Without `zone` from the whole hall.
    """

    seats: Annotated[tuple[Standing, ...], Field(min_length=1, max_length=10)]
    zone: Zone | None = None


class PlacesWanted(Model):
    """Places of one event: seats at `seat_price` but for those in `seat_prices`, standing, a code (F-07).

    `best` are seats that the house picks. `wheelchair`: someone of the party needs such a place. It is looked
    at and not kept.
    """

    event: UUID
    seats: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()
    seat_price: UUID | None = None
    seat_prices: Annotated[tuple[SeatPrice, ...], Field(max_length=50)] = ()
    standing: Annotated[tuple[Standing, ...], Field(max_length=10)] = ()
    best: BestSeats | None = None
    code: TypedCode | None = None
    wheelchair: bool = False


class HoldRequest(PlacesWanted):
    """Places to keep for a short while."""


class HoldLine(Model):
    """One place of a hold: seat label or None for standing."""

    seat: str | None
    price: Text
    cents: Cents


class Hold(Model):
    """Places kept until `expires_at`; `state` says what became of them. Nobody's data is in it.

    Lines and total are what is to be paid; `discount_cents` was taken off by a code. `may_extend`: it can be
    asked for more time, once (F-05). `refund_policy` says when money is given back (F-17).
    """

    id: UUID
    event: EventSummary
    lines: tuple[HoldLine, ...]
    total_cents: Cents
    discount_cents: Cents = 0
    currency: str
    expires_at: datetime
    state: Literal["held", "ordered", "expired", "released"]
    may_extend: bool = False
    refund_policy: Text


class HoldAgain(Model):
    """What a hold that is over had, again: the same places, or as many that the house picks."""

    pick: Literal["same", "best"] = "same"


class Choice(Model):
    """A choice made at checkout, asked apart: never part of the conditions (Art. 7)."""

    purpose: Literal["co_presentation_news"]
    organisation: UUID
    given: bool
    wording: Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9_.-]+$")]


class Checkout(Model):
    """What a guest gives to buy (G-15): name and e-mail; phone and a way to pay are optional."""

    hold: UUID
    name: PersonName
    email: Email
    phone: Phone | None = None
    locale: Locale
    choices: Annotated[tuple[Choice, ...], Field(max_length=10)] = ()
    return_url: Annotated[str, Field(max_length=300)]
    method: MethodId | None = None


class Ticket(Model):
    """One ticket of an order; the code is signed and carries no personal data."""

    id: UUID
    code: str
    seat: SeatLabel | None
    price: Text
    cents: Cents
    state: Literal["issued", "admitted", "left", "voided"]


OrderState = Literal["placed", "paid", "expired", "part_refunded", "refunded", "charged_back"]


class Order(Model):
    """An order: `checkout_url` is set while it can be paid, tickets once it is paid.

    While it is `charged_back` its tickets do not open the door. `money_back` is what goes back by itself.
    """

    id: UUID
    number: str
    event: EventSummary
    state: OrderState
    payment: Literal["none", "open", "paid", "failed", "canceled", "expired", "refunded", "charged_back"]
    lines: tuple[HoldLine, ...]
    tickets: tuple[Ticket, ...]
    total_cents: Cents
    vat_cents: Cents
    currency: str
    checkout_url: str | None
    places_kept_until: datetime | None
    placed_at: datetime
    money_back: tuple[MoneyBack, ...] = ()


class OrderList(Model):
    """Orders of one person, newest first."""

    orders: tuple[Order, ...]


class MollieWebhook(Model):
    """What Mollie posts: an id, unsigned; the state is fetched, never believed."""

    id: Annotated[str, Field(max_length=64, pattern=r"^tr_[A-Za-z0-9]+$")]


class CounterSale(PlacesWanted):
    """A walk-in sale without a name (G-15, F-27): event, places, and how it was paid."""

    method: Literal["cash", "card"] = "cash"


class Scan(Model):
    """A code read at the door of an event."""

    event: UUID
    code: Annotated[str, Field(min_length=1, max_length=400)]


class Admission(Model):
    """The answer of the door. Refused ones are answers too (`admitted` false) with the time of the first."""

    admitted: bool
    reason: Literal[
        "welcome", "already_admitted", "other_event", "voided", "not_paid", "unknown_ticket", "forged"
    ]
    seat: str | None = None
    price: Text | None = None
    first_admitted_at: datetime | None = None
    inside: int


class DoorCount(Model):
    """How many tickets exist for an event and how many went in."""

    event: EventSummary
    tickets: int
    inside: int


class EventFigures(Model):
    """Counts and amounts of one event for its organisers (G-33): nobody is in it."""

    event: EventSummary
    tickets_sold: int
    sold_cents: Cents
    admitted: int


class FigureList(Model):
    """Figures of all events of one organisation."""

    events: tuple[EventFigures, ...]


class FoundSubject(Model):
    """The person behind an order number, for a case of the privacy desk."""

    subject: SubjectId
