"""notify with its door open, on emptied tables, beside a mail server that can be told to misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from chassis.testing import SetClock
from contracts.orders.events import (
    BuyerNamedV1,
    EventPublishedV1,
    IssuedTicket,
    PaymentFailedV1,
    TicketsIssuedV1,
)
from contracts.texts import Text
from services.notify.app import compose
from services.notify.settings import NotifySettings
from tests.accounts.premises import NOON, Open, Premises, opened
from tests.sharing.premises import premises_of

GUEST = UUID("6f1c8f40-31cf-4f8c-9d0c-3d8f3a8f0a01")
EVENING = UUID("00000000-0000-4000-8000-0000000000e1")
ORDER = UUID("00000000-0000-4000-8000-0000000000d1")
COUNTER = UUID("00000000-0000-4000-8000-0000000000d2")


@dataclass
class MailServer:
    """What arrived, and what to answer next instead of 250; `silent` drops the connection after the mail."""

    port: int = 0
    mails: list[EmailMessage] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    lose_next_answer: bool = False
    lines: list[SMTP] = field(default_factory=list)

    def hang_up(self) -> None:
        for line in self.lines:
            line.transport.close()

    def listen(self) -> SMTP:
        self.lines.append(SMTP(self, enable_SMTPUTF8=True))
        return self.lines[-1]

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.answers:
            return self.answers.pop(0)
        mail = message_from_bytes(bytes(envelope.content or b""), policy=default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        if self.lose_next_answer:
            self.lose_next_answer = False
            server.transport.abort()
        return "250 OK"


@dataclass
class Notify:
    """notify and its mail server."""

    door: Open
    server: MailServer

    async def send(self, later: timedelta = timedelta(0)) -> None:
        self.door.clock.move(later)
        await self.door.run_timer("send_messages")

    async def send_last(self, later: timedelta = timedelta(0)) -> None:
        self.door.clock.move(later)
        await self.door.run_timer("send_last_letters")


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    with premises_of(tmp_path_factory.mktemp("house") / "secrets", "notify") as found:
        yield found


@pytest.fixture
async def mail_server() -> AsyncIterator[MailServer]:
    found = MailServer()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(found.listen, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    yield found
    server.close()


@pytest.fixture
async def notify(place: Premises, mail_server: MailServer) -> AsyncIterator[Notify]:
    await place.empty("notify")
    clock = SetClock(NOON)
    settings = NotifySettings(
        **place.settings(
            "notify", smtp_port=mail_server.port, smtp_seconds=5.0, public_url="http://localhost:8080"
        )
    )
    async with opened(place, compose(settings, clock), clock) as door:
        yield Notify(door, mail_server)


def named(**more: Any) -> BuyerNamedV1:
    fields = {
        "subject": GUEST,
        "version": 1,
        "name": "Guusje Zeldzaam",
        "email": "guusje@zeldzaam.example",
        "locale": "fr",
    }
    return BuyerNamedV1.model_validate(fields | more)


def published(version: int = 1, hall: str = "Grote zaal") -> EventPublishedV1:
    return EventPublishedV1(
        event=EVENING,
        version=version,
        slug="storm",
        organisation=UUID(int=1),
        co_presenters=(),
        title=Text(nl="Storm op komst", fr="La tempête approche", en="Storm coming"),
        hall=hall,
        doors_at=NOON + timedelta(days=10),
        starts_at=NOON + timedelta(days=10, hours=1),
        ends_at=NOON + timedelta(days=10, hours=3),
    )


def issued(subject: UUID | None = GUEST, order: UUID = ORDER) -> TicketsIssuedV1:
    tickets = tuple(
        IssuedTicket(
            ticket=UUID(int=order.int + place),
            code=f"AVK1.{place}.c2lnbmVk",
            seat=f"Rij 3, stoel {place}",
            price=Text(nl="Volle prijs", fr="Plein tarif", en="Full price"),
            cents=1850,
            vat_basis_points=600,
        )
        for place in (4, 5)
    )
    return TicketsIssuedV1(
        subject=subject,
        order=order,
        number="AK-2026-0042",
        event=EVENING,
        tickets=tickets,
        total_cents=3700,
        currency="EUR",
    )


def failed() -> PaymentFailedV1:
    return PaymentFailedV1(subject=GUEST, order=ORDER, event=EVENING)
