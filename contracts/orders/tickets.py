"""Bodies and answers of orders about tickets after the sale: keys for scanners, sending again, finding them.

Routes (purpose, roles):
    GET  /door/keys  door_admission, steward|supervisor -> TicketKeys
    POST /orders/{order}/tickets/again  order_guidance, visitor (own), box_office -> TicketsSent; key
    POST /counter/orders/search  problem_care, box_office <- FindOrders -> FoundOrders
    GET  /counter/orders/{number}/owner  problem_care, box_office|supervisor|privacy_officer -> FoundSubject
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.envelope import Model
from contracts.orders.api import EventSummary, OrderState


class TicketKey(Model):
    """A public key whose tickets count, as a JSON Web Key (RFC 7517, RFC 8037).

    `x` is the raw key in base64url, `kid` the key id of the code in hex.
    """

    kty: Literal["OKP"] = "OKP"
    crv: Literal["Ed25519"] = "Ed25519"
    alg: Literal["EdDSA"] = "EdDSA"
    use: Literal["sig"] = "sig"
    kid: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    x: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class TicketKeys(Model):
    """The key set with which a scanner checks tickets without asking (F-40)."""

    keys: Annotated[tuple[TicketKey, ...], Field(min_length=1)]


class TicketsSent(Model):
    """Tickets are on their way to the buyer's address; from `next_from` they can be sent once more."""

    order: UUID
    next_from: datetime


class FindOrders(Model):
    """What a customer at the counter has at hand: an order number, a payment reference or an address."""

    sought: Annotated[str, Field(min_length=1, max_length=254)]


class FoundOrder(Model):
    """An order without who bought it; `named` says whether there is somebody to write to.

    `at_counter` is a sale of the counter, whose tickets it prints.
    """

    id: UUID
    number: str
    event: EventSummary
    state: OrderState
    tickets: int
    named: bool
    at_counter: bool
    placed_at: datetime


class FoundOrders(Model):
    """Orders that fit, newest first; at most fifty."""

    orders: tuple[FoundOrder, ...]
