"""Bodies and answers of planning: what is put on, where, when, at which prices (W-04, F-53).

Routes (purpose season_planning, planner; but for the last):
    GET  /planning/seasons  -> Seasons            POST <- SeasonPlan -> Season (201)
    GET  /planning/series  -> SeriesList          POST <- SeriesPlan -> Series (201)
    GET  /planning/organisations -> Organisations
    GET  /planning/productions -> Productions     POST <- ProductionPlan -> Production (201)
    PUT  /planning/productions/{production} <- ProductionPlan -> Production, and the texts of all its dates
    GET  /planning/halls -> Halls                 POST <- HallPlan -> Hall (201)
    GET  /planning/halls/{hall} -> Hall           PUT <- HallPlan -> Hall
    POST /planning/halls/{hall}/copy <- HallPlan -> Hall (201), the same seats under another name
    POST /planning/halls/{hall}/blocks <- BlockPlan -> Hall (201)
    POST /planning/halls/{hall}/marks <- Marks -> Hall
    GET  /planning/events -> PlannedEvents        POST <- EventPlan -> PlannedEvent (201), a draft
    GET  /planning/events/{event} -> PlannedEvent PUT <- EventPlan -> PlannedEvent
    POST /planning/events/{event}/state <- EventMove -> PlannedEvent
    PUT  /planning/events/{event}/prices <- PricePlans -> PlannedEvent
    PUT  /planning/events/{event}/kept <- KeptPlan -> PlannedEvent
    GET  /planning/vouchers -> Vouchers           POST <- VoucherPlan -> Vouchers (201)
    DELETE /planning/vouchers/{voucher} -> Vouchers, it counts no longer
    GET  /planning/brands -> Brands               PUT /planning/brands/{organisation} <- BrandPlan -> Brand
    GET  /brands/{slug}  order_guidance, any role -> BrandPage
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.envelope import Model
from contracts.orders.api import Cents, Code, EventSummary, SeatKind, Zone
from contracts.texts import Text

Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1200)]
Slug = Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
RowLabel = Annotated[str, Field(max_length=4, pattern=r"^[A-Za-z0-9]{1,4}$")]
Places = Annotated[int, Field(ge=0, le=100_000)]
Years = Annotated[int, Field(ge=0, le=120)]
PerOrder = Annotated[int, Field(ge=1, le=50)]
PlannedState = Literal["draft", "published", "on_sale", "closed"]


class Title(Text):
    """One line in three languages."""

    nl: Line
    fr: Line
    en: Line


class Blurb(Text):
    """Some sentences in three languages."""

    nl: Prose
    fr: Prose
    en: Prose


class SeasonPlan(Model):
    """A season, from its first to its last day."""

    title: Title
    first_day: date
    last_day: date


class Season(SeasonPlan):
    """A season that is planned."""

    id: UUID


class Seasons(Model):
    """All seasons, latest first."""

    seasons: tuple[Season, ...]


class SeriesPlan(Model):
    """Productions that belong together, such as a subscription series."""

    title: Title


class Series(SeriesPlan):
    """A series that is planned."""

    id: UUID


class SeriesList(Model):
    """All series."""

    series: tuple[Series, ...]


class Organisation(Model):
    """An organisation by its public name."""

    id: UUID
    name: str


class Organisations(Model):
    """Organisations that can present something."""

    organisations: tuple[Organisation, ...]


class ProductionPlan(Model):
    """What is played, once or several times; the organisation that puts it on.

    `buyer_limit`: how many places one buyer may order of all its dates, online (W-46).
    """

    organisation: UUID
    title: Title
    blurb: Blurb
    season: UUID | None = None
    series: UUID | None = None
    buyer_limit: PerOrder | None = None


class Production(ProductionPlan):
    """A production that is planned, with the number of its dates."""

    id: UUID
    dates: int


class Productions(Model):
    """All productions, by title."""

    productions: tuple[Production, ...]


class HallPlan(Model):
    """A hall by name, and how many may stand in it."""

    name: Line
    standing: Places = 0


class BlockPlan(Model):
    """Rows of numbered seats to add to a hall (F-03).

    Rows are labelled on from `first_row`: letters or numbers. `numbering` counts 1, 2, 3 or 1, 3, 5 or 2, 4,
    6 from the left, or from the right with `from_right`. `aisles` are places after which one runs. Without
    `left` the rows stand in the middle, without `top` behind all others; both count seats.
    """

    zone: Zone
    title: Title
    rows: Annotated[int, Field(ge=1, le=100)]
    seats: Annotated[int, Field(ge=1, le=100)]
    first_row: RowLabel = "A"
    numbering: Literal["all", "odd", "even"] = "all"
    from_right: bool = False
    aisles: Annotated[tuple[Annotated[int, Field(ge=1, le=100)], ...], Field(max_length=10)] = ()
    prefix: Annotated[str, Field(max_length=4, pattern=r"^[A-Za-z]{0,4}$")] = ""
    left: Annotated[float, Field(ge=-200, le=200)] | None = None
    top: Annotated[float, Field(ge=0, le=400)] | None = None


class Marks(Model):
    """Seats that are of a kind, or with `gap` no seats: by id, and by label as `A1-A6, C4, D` (a row)."""

    kind: SeatKind | Literal["gap"]
    seats: Annotated[tuple[UUID, ...], Field(max_length=5000)] = ()
    labels: Annotated[str, Field(max_length=400)] = ""


class HallSeat(Model):
    """A seat of a hall; x and y are units of one seat."""

    id: UUID
    label: str
    row: str
    number: int
    x: float
    y: float
    zone: str
    kind: SeatKind


class HallZone(Model):
    """A part of a hall with prices of its own."""

    zone: Zone
    title: Text
    seats: int


class Hall(HallPlan):
    """A hall as it is drawn. Once an event has its seats (`in_use`) they stay; a copy can be drawn anew."""

    id: UUID
    in_use: bool
    zones: tuple[HallZone, ...]
    seats: tuple[HallSeat, ...]


class HallSummary(HallPlan):
    """A hall and how many seats it has."""

    id: UUID
    seats: int


class Halls(Model):
    """All halls, by name."""

    halls: tuple[HallSummary, ...]


class EventPlan(Model):
    """One date of a production. Without a slug it is made from title and day.

    `online_until`: the start where absent. `wheelchair_until`: places for wheelchairs and companions are for
    others from then on. The last `counter_standing` places are the counter's until `counter_until`.
    With `no_singles`, who picks seats online leaves none on its own where that can be helped (F-02).
    `buyer_limit`: how many places one buyer may order online, all orders together (W-46).
    `version` is that of the event as it was read, so that two planners do not overwrite each other.
    """

    production: UUID
    hall: UUID
    slug: Slug | None = None
    doors_at: AwareDatetime
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    on_sale_from: AwareDatetime
    online_until: AwareDatetime | None = None
    wheelchair_until: AwareDatetime | None = None
    standing: Places = 0
    counter_standing: Places = 0
    counter_until: AwareDatetime | None = None
    hold_seconds: Annotated[int, Field(ge=5, le=3600)] = 900
    largest_order: PerOrder = 10
    no_singles: bool = False
    buyer_limit: PerOrder | None = None
    co_presenters: Annotated[tuple[UUID, ...], Field(max_length=10)] = ()
    version: int = 0


class EventMove(Model):
    """The state that an event should have: draft, published, on_sale, closed, and on_sale again."""

    state: PlannedState


class PricePlan(Model):
    """A price type with its conditions (F-06): an id for one that stands, none for a new one."""

    id: UUID | None = None
    title: Title
    place: Literal["seat", "standing"]
    cents: Cents
    vat_basis_points: Annotated[int, Field(ge=0, le=10_000)] = 600
    zones: Annotated[Mapping[Zone, Cents], Field(max_length=30)] = {}
    channels: Annotated[tuple[Literal["online", "counter"], ...], Field(min_length=1, max_length=2)] = (
        "online",
        "counter",
    )
    least: PerOrder = 1
    most: PerOrder | None = None
    youngest: Years | None = None
    oldest: Years | None = None
    proof: Title | None = None
    sold_from: AwareDatetime | None = None
    sold_until: AwareDatetime | None = None


class PricePlans(Model):
    """All prices of an event in their order; those that are not named go, unless somebody holds one."""

    prices: Annotated[tuple[PricePlan, ...], Field(max_length=30)]


class KeptPlan(Model):
    """Seats that only the counter sells, or nobody, until an instant (F-35); `free` ends that."""

    kept_for: Literal["counter", "nobody", "free"]
    seats: Annotated[tuple[UUID, ...], Field(max_length=5000)] = ()
    labels: Annotated[str, Field(max_length=400)] = ""
    until: AwareDatetime | None = None


class KeptSeats(Model):
    """Seats that are kept, by label."""

    kept_for: Literal["counter", "nobody"]
    until: datetime | None
    seats: tuple[str, ...]


class PlannedEvent(EventPlan):
    """An event with all that was planned, and how many places it has and are free."""

    id: UUID
    slug: str
    state: PlannedState
    title: Text
    hall_name: str
    prices: tuple[PricePlan, ...]
    zones: tuple[HallZone, ...]
    kept: tuple[KeptSeats, ...]
    seats: int
    seats_free: int
    standing_free: int


class PlannedLine(Model):
    """An event in the list of planners."""

    id: UUID
    slug: str
    title: Text
    hall_name: str
    starts_at: datetime
    state: PlannedState
    places: int
    free: int


class PlannedEvents(Model):
    """All events that have not ended, drafts too, in order of time."""

    events: tuple[PlannedLine, ...]


class VoucherPlan(Model):
    """A code that takes off a percentage or cents, of one event or of all, `uses` times or always (F-07)."""

    code: Code
    kind: Literal["percent", "amount"]
    value: Annotated[int, Field(ge=1, le=1_000_000)]
    event: UUID | None = None
    valid_from: AwareDatetime
    valid_until: AwareDatetime | None = None
    uses: Annotated[int, Field(ge=1, le=1_000_000)] | None = None


class Voucher(VoucherPlan):
    """A code, and how often it was used."""

    id: UUID
    used: int


class Vouchers(Model):
    """All codes, newest first."""

    vouchers: tuple[Voucher, ...]


class BrandPlan(Model):
    """How an organisation's own ticket page looks (W-02, F-49): its address, its wordmark, its colour."""

    slug: Slug
    wordmark: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
    accent: Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]


class Brand(BrandPlan):
    """The look of an organisation."""

    organisation: UUID
    name: str


class Brands(Model):
    """The looks of all organisations that have one."""

    brands: tuple[Brand, ...]


class BrandPage(Model):
    """An organisation's own ticket page: its look, and what it puts on or presents too."""

    brand: Brand
    events: tuple[EventSummary, ...]
