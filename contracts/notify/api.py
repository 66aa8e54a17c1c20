"""Answers of notify over HTTP.

Routes (purpose, roles):
    GET  /orders/{order}/tickets.pdf   order_guidance, visitor (own), box_office -> PDF
                                       (box office: counter sales only; 404 until the tickets have arrived)
    GET  /orders/{order}/tickets.pkpass   order_guidance, visitor (own) -> a pass of Apple Wallet, or a bundle
    GET  /orders/{order}/google-wallet    order_guidance, visitor (own) -> WalletLinks, where it is offered
    POST /papers/invoice               invoicing,   visitor <- orders' Invoice -> PDF; nothing is kept
    GET  /my/messages                  rights, visitor -> Messages
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from contracts.envelope import Model
from contracts.personal import Category, Personal, SeatLabel


class Message(Model):
    """One message that was sent, without its text."""

    id: UUID
    template: Annotated[str, Personal(Category.CORRESPONDENCE)]
    state: str
    sent_at: datetime | None


class Messages(Model):
    """Messages of one person, newest first."""

    messages: tuple[Message, ...]


class WalletLink(Model):
    """A link that hands one ticket to Google when its visitor opens it; it holds no name."""

    ticket: UUID
    seat: SeatLabel | None
    url: str


class WalletLinks(Model):
    """A link for each ticket of an order."""

    links: tuple[WalletLink, ...]
