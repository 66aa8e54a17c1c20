"""Makes the mails of this house: who is written to, with which words, and what goes along."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from chassis.tokens import LinkSigner
from chassis.work import Workplace
from contracts.actors import SYSTEM
from services.notify.domain.contact import Addressee
from services.notify.domain.messages import Template
from services.notify.letters import render
from services.notify.mail import Attachment, Mail, Sender, as_message
from services.notify.paper import TicketPaper, render_tickets
from services.notify.store import contacts, happenings, papers
from services.notify.store.happenings import Happening
from services.notify.store.messages import Claimed
from services.notify.store.papers import PaperOrder

PURPOSE = "order_guidance"


class Links:
    """The signed links by which people reach their order and their rights (W-40 to W-45)."""

    def __init__(self, signer: LinkSigner, public_url: str, days: int) -> None:
        self._signer = signer
        self._public_url = public_url.rstrip("/")
        self._days = days

    def of(self, person: Addressee, now: datetime) -> str:
        """A link that speaks for one person."""
        token = self._signer.sign(person.subject, person.language, now, self._days)
        return f"{self._public_url}/r/{token}"
