"""A season on a real database, a running service over it, and someone who can act in every role."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import asyncpg

from chassis.testing import SetClock
from chassis.tokens import Issuer, Proof
from contracts.actors import Actor, Role
from contracts.orders.api import Checkout
from deploy.topology import database

TABLES = (
    "admission, agreement, announcement, book_entry, event, event_partner, hall, hall_seat, hold, hold_line, "
    "order_person, organisation, payment, ticket_mailing, placed_order, price, refund, seat, stock, ticket, "
    "season, series, production, hall_zone, voucher, brand, refund_policy, limit_claim, limit_decision, "
    "outbox, sent, inbox, parked, tombstone, gate, idempotency_key, copy_part, revoked_actor, access_entry, "
    "access_subject, access_hash, access_seal, chargeback, invoice, invoice_party, invoice_series"
)


def said(text: str) -> str:
    """A text in three languages, as the tables keep it."""
    return json.dumps({"nl": f"{text} (nl)", "fr": f"{text} (fr)", "en": text})


@dataclass
class Evening:
    """One event: its id, seats by label, prices by place, and who presents it too."""

    event: UUID
    slug: str
    seats: dict[str, UUID] = field(default_factory=dict)
    seat_price: UUID = field(default_factory=uuid4)
    standing_price: UUID = field(default_factory=uuid4)
    partner: UUID | None = None

    def wish(self, *labels: str, standing: int = 0) -> dict[str, Any]:
        """The body of a hold."""
        body: dict[str, Any] = {"event": str(self.event), "seats": [str(self.seats[one]) for one in labels]}
        if labels:
            body["seat_price"] = str(self.seat_price)
        if standing:
            body["standing"] = [{"price": str(self.standing_price), "quantity": standing}]
        return body


@dataclass
class Answered:
    """Status and JSON of an answer."""

    status: int
    body: Any

    @property
    def slug(self) -> str:
        """The slug of a problem document."""
        return str(self.body["type"]).removeprefix("/problems/")


@dataclass
class Stage:
    """The service under test and its neighbours' credentials."""

    dsn: str
    base: str
    secrets: Path
    clock: SetClock
    session: aiohttp.ClientSession

    async def look(self, sql: str, *arguments: Any) -> list[Any]:
        """What is really there, whatever policies hide."""
        connection = await asyncpg.connect(self.dsn)
        try:
            return list(await connection.fetch(sql, *arguments))
        finally:
            await connection.close()

    async def announced(self, topic: str) -> list[dict[str, Any]]:
        """The bodies of the letters of a topic that wait for the broker, oldest first."""
        rows = await self.look("SELECT body FROM outbox WHERE topic = $1 ORDER BY born_at, id", topic)
        return [json.loads(row["body"]) for row in rows]

    def token(self, actor: Actor) -> str:
        """What the gateway or accounts would sign for this actor."""
        issuer = "gateway" if actor.role is Role.VISITOR else "accounts"
        key = (self.secrets / issuer / "signing.pem").read_bytes()
        return Issuer(key, issuer).sign(actor, "orders", self.clock.now(), Proof(self.clock.now()))

    async def ask(
        self,
        actor: Actor | None,
        method: str,
        path: str,
        body: Any = None,
        key: str | None = None,
        why: str | None = "customer-asked",
        case: str | None = None,
    ) -> Answered:
        """One request; staff say why they look."""
        headers = {"Authorization": f"Bearer {self.token(actor)}"} if actor else {}
        headers |= {"Access-Reason": why} if why else {}
        headers |= {"Access-Case": case} if case else {}
        if key:
            headers["Idempotency-Key"] = key
        async with self.session.request(method, self.base + path, json=body, headers=headers) as answer:
            raw = await answer.read()
            return Answered(answer.status, json.loads(raw) if raw else None)

    async def hold(self, actor: Actor, evening: Evening, *labels: str, standing: int = 0) -> Answered:
        """Keep places."""
        return await self.ask(actor, "POST", "/holds", evening.wish(*labels, standing=standing))

    async def order(self, actor: Actor, hold: str, key: str | None = None, **changes: Any) -> Answered:
        """Check out as Noor."""
        body = checkout(hold, **changes)
        return await self.ask(actor, "POST", "/orders", body, key or uuid4().hex)

    async def mollie_calls(self, payment: str) -> Answered:
        """The webhook as Mollie sends it: a form with an id."""
        async with self.session.post(f"{self.base}/webhooks/mollie", data={"id": payment}) as answer:
            return Answered(answer.status, None)

    async def payment_of(self, order: str) -> Any:
        """The latest try to pay an order, as it is stored."""
        rows = await self.look(
            "SELECT * FROM payment WHERE order_id = $1 ORDER BY attempt DESC LIMIT 1", UUID(order)
        )
        return rows[0]


def checkout(hold: str, **changes: Any) -> dict[str, Any]:
    """What a guest types."""
    typed = {
        "hold": hold,
        "name": "Noor Vandenbroucke",
        "email": "noor@visitors.example",
        "phone": "+32 470 00 00 01",
        "locale": "nl",
        "choices": [],
        "return_url": f"http://localhost:8080/back/{hold}",
    }
    assert set(typed) <= set(Checkout.model_fields)
    return typed | changes


def visitor() -> Actor:
    """Somebody new."""
    return Actor(Role.VISITOR, uuid4())


def staff(role: Role, organisation: UUID | None = None) -> Actor:
    """Somebody of the house, or of an organiser."""
    return Actor(role, uuid4(), organisation)


@asynccontextmanager
async def connected(dsn: str) -> AsyncIterator[Any]:
    """A connection that sees all rows, for a moment."""
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def empty(dsn: str) -> None:
    """Forget everything of the test before."""
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute(f"TRUNCATE {TABLES}")
    finally:
        await connection.close()


async def put_on(
    dsn: str,
    now: datetime,
    *,
    slug: str = "storm-at-sea",
    seats: int = 40,
    standing: int = 20,
    seat_cents: int = 2450,
    hold_seconds: int = 600,
    partner: UUID | None = None,
) -> Evening:
    """An event next week: seats in rows of ten, standing places, one price for each."""
    evening = Evening(uuid4(), slug, partner=partner)
    connection = await asyncpg.connect(dsn)
    try:
        hall = uuid4()
        await connection.execute("INSERT INTO hall VALUES ($1, 'Grote Zaal', 'Europe/Brussels')", hall)
        for index in range(seats):
            row, number = "ABCDEFGHIJ"[index // 10], index % 10 + 1
            evening.seats[f"{row}{number}"] = seat = uuid4()
            await connection.execute(
                "INSERT INTO hall_seat VALUES ($1, $2, $3, $4, $5, $6, $7)",
                hall, seat, f"{row}{number}", row, number, float(number), float(index // 10),
            )  # fmt: skip
        await connection.execute(
            """INSERT INTO event (event_id, version, slug, organisation_id, hall_id, title, blurb, doors_at,
                                  starts_at, ends_at, on_sale_from, hold_seconds, largest_order)
               VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 10)""",
            evening.event, slug, uuid4(), hall, said("Storm at Sea"), said("A storm"),
            now + timedelta(days=7), now + timedelta(days=7, hours=1), now + timedelta(days=7, hours=3),
            now - timedelta(days=30), hold_seconds,
        )  # fmt: skip
        for price, place, cents in (
            (evening.seat_price, "seat", seat_cents),
            (evening.standing_price, "standing", 1200),
        ):
            await connection.execute(
                "INSERT INTO price VALUES ($1, $2, 1, $3, $4, $5, 600)",
                evening.event, price, said(place), place, cents,
            )  # fmt: skip
        await connection.execute("INSERT INTO stock VALUES ($1, $2)", evening.event, standing)
        await connection.execute(
            "INSERT INTO seat (event_id, seat_id) SELECT $1, unnest($2::uuid[])",
            evening.event, list(evening.seats.values()),
        )  # fmt: skip
        if partner:
            await connection.execute(
                "INSERT INTO event_partner VALUES ($1, $2, true)", evening.event, partner
            )
    finally:
        await connection.close()
    return evening


def own_dsn(server_dsn: str) -> str:
    """The superuser's way into orders' database."""
    return database.dsn_as(server_dsn, database.database_of("orders"))
