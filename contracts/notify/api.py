"""Answers of notify over HTTP.

Routes (purpose, roles):
    GET  /orders/{order}/tickets.pdf   order_guidance, visitor (own), box_office -> PDF
                                       (box office: counter sales only; 404 until the tickets have arrived)
    GET  /my/messages                  rights, visitor -> Messages
"""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from contracts.envelope import Model
from contracts.personal import Category, Personal


class Message(Model):
    """One message that was sent, without its text."""

    id: UUID
    template: Annotated[str, Personal(Category.CORRESPONDENCE)]
    state: str
    sent_at: datetime | None


class Messages(Model):
    """Messages of one person, newest first."""

    messages: tuple[Message, ...]
