"""What orders says: what is on, who bought, what was paid, and who comes."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.envelope import Event, Model
from contracts.orders.holders import TicketHolder
from contracts.personal import (
    ActivityDay,
    Category,
    ChoiceState,
    Email,
    FreeText,
    Locale,
    Personal,
    PersonName,
    Phone,
    PurchaseRef,
    SeatLabel,
    SubjectId,
)
from contracts.texts import Text

Version = Annotated[int, Field(ge=1)]


class EventPublishedV1(Event):
    """An event can be seen by the public: facts for mails, tickets and agreements. Money is never here."""

    topic = "orders.event.published.v1"
    purposes = ("order_guidance", "co_presentation_administration", "wish_list")

    event: UUID
    version: Version
    slug: str
    organisation: UUID
    co_presenters: tuple[UUID, ...]
    title: Text
    hall: str
    doors_at: datetime
    starts_at: datetime
    ends_at: datetime


Changed = Literal["hall", "doors_at", "starts_at", "ends_at"]


class EventChangedV1(Event):
    """Practical facts of an event that the public knows are others now: who has a ticket, or wishes for one,
    is told (G-23, G-03).

    The facts as they are stand in orders.event.published of the same or a later version.
    """

    topic = "orders.event.changed.v1"
    purposes = ("order_guidance", "wish_reminders")

    event: UUID
    version: Version
    changed: Annotated[tuple[Changed, ...], Field(min_length=1)]
    doors_at_before: datetime
    starts_at_before: datetime
    ends_at_before: datetime
    hall_before: str


class SaleOpenedV1(Event):
    """The sale of an event has begun: who wished for it is told (F-12)."""

    topic = "orders.sale.opened.v1"
    purposes = ("wish_reminders",)

    event: UUID
    slug: str


class AvailabilityChangedV1(Event):
    """An event became nearly full, or is no longer so: said once for each time (G-03). Version counts up."""

    topic = "orders.availability.changed.v1"
    purposes = ("wish_reminders",)

    event: UUID
    version: Version
    nearly_full: bool


class BuyerNamedV1(Event):
    """A guest said at checkout who they are (G-15): contact for the order, and for its owner, accounts."""

    topic = "orders.buyer.named.v1"
    purposes = ("order_guidance", "problem_care", "operation")

    subject: SubjectId
    version: Version
    name: PersonName
    email: Email
    phone: Phone | None = None
    locale: Locale


class ChoiceMadeV1(Event):
    """A choice made at checkout, with the proof that accounts keeps (Art. 7(1), F-67)."""

    topic = "orders.choice.made.v1"
    purposes = ("keeping_choices",)

    subject: SubjectId
    purpose: str
    organisation: UUID
    channel: str
    state: ChoiceState
    wording: str
    language: Locale
    made_at: datetime


class OrderPlacedV1(Event):
    """A person placed an order and is on the way to pay."""

    topic = "orders.order.placed.v1"
    purposes = ("storage_limitation",)

    subject: SubjectId
    order: PurchaseRef


class OrderExpiredV1(Event):
    """An order was not paid in time; its places are free again."""

    topic = "orders.order.expired.v1"
    purposes = ("storage_limitation",)

    subject: SubjectId
    order: PurchaseRef


class OrderPaidV1(Event):
    """A person's order is paid: activity of that day (G-41)."""

    topic = "orders.order.paid.v1"
    purposes = ("storage_limitation",)

    subject: SubjectId
    order: PurchaseRef
    day: ActivityDay


class IssuedTicket(Model):
    """One ticket as it is printed: signed code (no personal data), place, price with VAT included."""

    ticket: UUID
    code: str
    seat: SeatLabel | None
    price: Text
    cents: Annotated[int, Field(ge=0)]
    vat_basis_points: Annotated[int, Field(ge=0, le=10_000)]


class TicketsIssuedV1(Event):
    """Tickets exist. Without a subject they were sold at the counter to someone who gave no name (G-15)."""

    topic = "orders.tickets.issued.v1"
    purposes = ("order_guidance",)

    subject: SubjectId | None
    order: PurchaseRef
    number: Annotated[str, Personal(Category.PURCHASE)]
    event: UUID
    tickets: Annotated[tuple[IssuedTicket, ...], Field(min_length=1)]
    total_cents: Annotated[int, Field(ge=0)]
    currency: str


class HoldersNamedV1(Event):
    """A buyer put names on tickets, or took them off: only what changed.

    `version` counts up per order; a listener ignores lower ones, ticket by ticket.
    """

    topic = "orders.holders.named.v1"
    purposes = ("order_guidance",)

    subject: SubjectId
    order: PurchaseRef
    version: Annotated[int, Field(ge=1)]
    holders: Annotated[tuple[TicketHolder, ...], Field(min_length=1)]


class TicketCode(Model):
    """The code of a ticket as it is printed from now on."""

    ticket: UUID
    code: str


class TicketsSentAgainV1(Event):
    """Tickets are sent again because their buyer, or the counter for them, asked; `times` counts from 1."""

    topic = "orders.tickets.sent_again.v1"
    purposes = ("order_guidance",)

    subject: SubjectId
    order: PurchaseRef
    event: UUID
    times: Annotated[int, Field(ge=1)]
    codes: Annotated[tuple[TicketCode, ...], Field(min_length=1)]


class PaymentFailedV1(Event):
    """A payment did not succeed; the buyer may try again while the places are held."""

    topic = "orders.payment.failed.v1"
    purposes = ("order_guidance",)

    subject: SubjectId
    order: PurchaseRef
    event: UUID


class DecisionAutomatedV1(Event):
    """A machine decided against a person by a purchase limit, with the numbers it went by (W-46, F-68)."""

    topic = "orders.decision.automated.v1"
    purposes = ("rights",)

    subject: SubjectId
    decision: UUID
    event: Annotated[UUID, Personal(Category.PURCHASE)]
    title: Text
    rule: Literal["event", "production"]
    most: int
    counted: Annotated[int, Personal(Category.PURCHASE)]
    asked: Annotated[int, Personal(Category.PURCHASE)]
    decided_at: datetime


class RefundSentV1(Event):
    """Money that bought nothing is on its way back: it came too late, twice, or as another amount.

    Said when the provider took it up, because it arrives days after that.
    """

    topic = "orders.refund.sent.v1"
    purposes = ("order_guidance",)

    subject: SubjectId
    refund: UUID
    order: PurchaseRef
    number: Annotated[str, Personal(Category.PURCHASE)]
    event: UUID
    cents: Annotated[int, Field(ge=1)]
    currency: str
    reason: Literal["late", "double", "other_amount"]


class OrderChargedBackV1(Event):
    """The buyer's bank took back what was paid: the tickets count no longer, until it comes again."""

    topic = "orders.order.charged_back.v1"
    purposes = ("order_guidance",)

    subject: SubjectId
    order: PurchaseRef
    number: Annotated[str, Personal(Category.PURCHASE)]
    event: UUID
    cents: Annotated[int, Field(ge=1)]
    currency: str


class OrderReinstatedV1(Event):
    """What the buyer's bank had taken back came again: the tickets count as before."""

    topic = "orders.order.reinstated.v1"
    purposes = ("order_guidance",)

    subject: SubjectId
    order: PurchaseRef
    number: Annotated[str, Personal(Category.PURCHASE)]
    event: UUID
    cents: Annotated[int, Field(ge=1)]
    currency: str


class DecisionContestedV1(Event):
    """Somebody does not agree with an automated decision and says why: a person must look (Art. 22(3))."""

    topic = "orders.decision.contested.v1"
    purposes = ("rights",)

    subject: SubjectId
    decision: UUID
    view: FreeText
    contested_at: datetime


class AttendeeRegisteredV1(Event):
    """A buyer of a co-presented event, with the union of the fields of the allowed purposes only (G-51)."""

    topic = "orders.attendee.registered.v1"
    purposes = (
        "co_presentation_door_list",
        "co_presentation_administration",
        "co_presentation_news",
        "operation",
    )

    subject: SubjectId
    version: Version
    order: PurchaseRef
    event: UUID
    organisation: UUID
    allowed: tuple[str, ...]
    name: PersonName | None = None
    email: Email | None = None
    seats: tuple[SeatLabel, ...] = ()


class AttendeeCorrectedV1(Event):
    """A shared attendee corrected data: only changed fields that the recipient already holds (X-02)."""

    topic = "orders.attendee.corrected.v1"
    purposes = ("rights",)

    subject: SubjectId
    version: Version
    name: PersonName | None = None
    email: Email | None = None


class AttendeeAdmittedV1(Event):
    """A named ticket holder, or somebody of their party, went in: activity of that day, told once."""

    topic = "orders.attendee.admitted.v1"
    purposes = ("storage_limitation",)

    subject: SubjectId
    event: Annotated[UUID, Personal(Category.ADMISSION)]
    day: ActivityDay
