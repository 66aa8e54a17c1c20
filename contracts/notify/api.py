"""Answers of notify over HTTP.

Routes (purpose, roles):
    GET  /orders/{order}/tickets.pdf   order_guidance, visitor (own), box_office -> PDF
                                       (box office: counter sales only; 404 until the tickets have arrived)
    GET  /my/messages                  rights, visitor -> Messages
"""

from datetime import datetime
from uuid import UUID

from contracts.envelope import Model


class Message(Model):
    """One message that was sent, without its text."""

    id: UUID
    template: str
    state: str
    sent_at: datetime | None


class Messages(Model):
    """Messages of one person, newest first."""

    messages: tuple[Message, ...]
