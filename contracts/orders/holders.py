"""Names on the tickets of one order: a name for whoever comes along, and nothing more of them.

Routes (purpose, roles):
    GET /orders/{order}/holders  order_guidance, visitor (own) -> Holders
    PUT /orders/{order}/holders  order_guidance, visitor (own) <- NameHolders -> Holders
"""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.envelope import Model
from contracts.personal import PersonName, SeatLabel
from contracts.texts import Text


class TicketHolder(Model):
    """The name on a ticket; None takes it off."""

    ticket: UUID
    name: PersonName | None


class NameHolders(Model):
    """Names to put on tickets, or to take off; a ticket that is not named stays as it is."""

    holders: Annotated[tuple[TicketHolder, ...], Field(max_length=100)]


class HeldTicket(Model):
    """A ticket as its buyer tells it apart, and the name on it."""

    ticket: UUID
    seat: SeatLabel | None
    price: Text
    name: PersonName | None


class Holders(Model):
    """The tickets of an order; names can be changed while it is `open`, until the event is over."""

    tickets: tuple[HeldTicket, ...]
    open: bool
