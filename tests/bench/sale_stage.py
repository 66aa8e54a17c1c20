"""Events to sell, tickets by the million, and what must be true of them afterwards."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from chassis import pools
from chassis.tokens import Issuer
from contracts.actors import Actor, Role
from deploy.local import postgres
from deploy.local.demo.second_step import second_step
from deploy.local.endpoints import database_url
from deploy.local.instance import Instance
from services.orders.domain.ticket_code import write_code
from services.orders.signing import signer_from
from tests.bench.sale_visits import DOORS, JSON, Show
from tests.bench.wire import Connection
from tests.orders.laws import broken
from tests.orders.stage import own_dsn

TITLE = json.dumps(dict.fromkeys(("nl", "fr", "en"), "Bench"))
CENTS, BASIS_POINTS = 1500, 600


@asynccontextmanager
async def database(instance: Instance, service: str = "orders") -> AsyncIterator[Any]:
    """A service's database, as whoever migrates it."""
    connection = await asyncpg.connect(
        database_url(instance, service, "migrate"), connection_class=pools.Connection
    )
    try:
        yield connection
    finally:
        await connection.close()


async def put_on(instance: Instance, endpoints: Mapping[str, Any], standing: int, places: int = 2) -> Show:
    """A new event with so many standing places, on sale now; each wish is for `places` of them."""
    event, price, hall = uuid4(), uuid4(), uuid4()
    slug, now = f"bench-{event.hex[:12]}", datetime.now(UTC)
    async with database(instance) as sql:
        await sql.execute(
            "INSERT INTO hall (hall_id, name, time_zone) VALUES ($1, 'Bench', 'Europe/Brussels')", hall
        )
        await sql.execute(
            """INSERT INTO event (event_id, version, slug, organisation_id, hall_id, title, blurb, doors_at,
                                  starts_at, ends_at, on_sale_from, hold_seconds, largest_order)
               VALUES ($1, 1, $2, $3, $4, $5, $5, $6, $7, $8, $9, 600, 10)""",
            event, slug, uuid4(), hall, TITLE, now + timedelta(days=9), now + timedelta(days=9, hours=1),
            now + timedelta(days=9, hours=3), now - timedelta(days=1),
        )  # fmt: skip
        await sql.execute(
            """INSERT INTO price (event_id, price_id, position, title, place, cents, vat_basis_points)
               VALUES ($1, $2, 1, $3, 'standing', $4, $5)""",
            event, price, TITLE, CENTS, BASIS_POINTS,
        )  # fmt: skip
        await sql.execute("INSERT INTO stock (event_id, standing_capacity) VALUES ($1, $2)", event, standing)
    wish = {"event": str(event), "standing": [{"price": str(price), "quantity": places}]}
    services = endpoints["services"]
    body = json.dumps(wish).encode()
    return Show(services["gateway"], services["orders"], str(event), slug, body)


async def put_on_hall(instance: Instance, endpoints: Mapping[str, Any], standing: int, seats: int) -> Show:
    """A new event with standing places and a hall of numbered seats: a wish for every two places."""
    show = await put_on(instance, endpoints, standing)
    event, price, known = UUID(show.event), uuid4(), [uuid4() for _ in range(seats)]
    places = [(f"{n // 50 + 1}-{n % 50 + 1}", str(n // 50 + 1), n % 50 + 1) for n in range(seats)]
    async with database(instance) as sql:
        await sql.execute(
            """INSERT INTO price (event_id, price_id, position, title, place, cents, vat_basis_points)
               VALUES ($1, $2, 2, $3, 'seat', $4, $5)""",
            event, price, TITLE, CENTS, BASIS_POINTS,
        )  # fmt: skip
        await sql.execute(
            """INSERT INTO hall_seat (hall_id, seat_id, label, row_label, number, x, y)
               SELECT e.hall_id, u.seat, u.label, u.row_label, u.number, u.number, u.row_label::int
               FROM event e, unnest($2::uuid[], $3::text[], $4::text[], $5::int[])
                   AS u (seat, label, row_label, number) WHERE e.event_id = $1""",
            event, known, *(list(column) for column in zip(*places, strict=True)),
        )  # fmt: skip
        await sql.execute("INSERT INTO seat (event_id, seat_id) SELECT $1, unnest($2::uuid[])", event, known)
    pairs = zip(known[::2], known[1::2], strict=True)
    wanted = [{"event": show.event, "seats": [str(a), str(b)], "seat_price": str(price)} for a, b in pairs]
    taken = [("seats", json.dumps(wish).encode()) for wish in wanted]
    return replace(show, wishes=(*taken, *[("standing", show.wish)] * (standing // 2)))


def visitors(instance: Instance, count: int) -> tuple[str, ...]:
    """Tokens of visitors, as the gateway signs them."""
    issuer = Issuer((instance.secrets / "gateway" / "signing.pem").read_bytes(), "gateway")
    now = datetime.now(UTC)
    return tuple(issuer.sign(Actor(Role.VISITOR, uuid4()), "orders", now) for _ in range(count))


async def add_tickets(instance: Instance, event: UUID, count: int) -> None:
    """So many tickets, two to an order, with buyers, payments and books as a sale would have left them."""
    async with database(instance) as sql:
        await sql.execute("SET statement_timeout = 0")
        price = await sql.fetchval("SELECT price_id FROM price WHERE event_id = $1", event)
        arguments = {"$1": event, "$2": price, "$3": count // 2}
        for statement in _FILL:
            await sql.execute(statement, *(value for name, value in arguments.items() if name in statement))
        await sql.execute("DROP TABLE sold; DROP TABLE place")
    # As tables are that grew over years, and not within a minute: vacuumed, and written to disk.
    server = await asyncpg.connect(own_dsn(postgres.of(instance).dsn))
    try:
        await server.execute("VACUUM (ANALYZE)")
        await server.execute("CHECKPOINT")
    finally:
        await server.close()


_FILL = (
    "CREATE TEMP TABLE sold (order_id uuid, hold_id uuid, payment_id uuid)",
    "CREATE TEMP TABLE place (order_id uuid, hold_id uuid, line_no int, ticket_id uuid)",
    """INSERT INTO sold SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid()
       FROM (SELECT $1::uuid, $2::uuid, generate_series(1, $3::int)) counted""",
    """INSERT INTO place SELECT order_id, hold_id, line_no, gen_random_uuid()
       FROM sold, generate_series(1, 2) line_no""",
    """INSERT INTO hold (event_id, hold_id, state, made_at, expires_at, order_id)
       SELECT $1, hold_id, 'sold', now(), now(), order_id FROM sold""",
    """INSERT INTO hold_line (event_id, hold_id, line_no, price_id, cents, vat_basis_points)
       SELECT $1, hold_id, line_no, $2, 1500, 600 FROM place""",
    """INSERT INTO placed_order (event_id, order_id, number, hold_id, channel, state, total_cents, vat_cents,
                                 placed_at, paid_at)
       SELECT $1, order_id, upper(left(order_id::text, 13)), hold_id, 'online', 'paid', 3000, 170, now(),
           now() FROM sold""",
    """INSERT INTO order_person (event_id, order_id, subject_id, name, email, locale, version, name_version,
                                 email_version, phone_version, placed_on)
       SELECT $1, order_id, gen_random_uuid(), 'Bench', 'bench@visitors.example', 'nl', 1, 1, 1, 1,
           CURRENT_DATE FROM sold""",
    """INSERT INTO payment (event_id, payment_id, order_id, attempt, provider, provider_id, idempotency_key,
                            state, cents, made_at, look_at)
       SELECT $1, payment_id, order_id, 1, 'mollie', 'tr_' || payment_id, payment_id, 'paid', 3000, now(),
           now() FROM sold""",
    """INSERT INTO ticket (event_id, ticket_id, order_id, line_no, price_id, cents, vat_basis_points, state,
                           issued_at)
       SELECT $1, ticket_id, order_id, line_no, $2, 1500, 600, 'issued', now() FROM place""",
    """INSERT INTO book_entry (event_id, entry_id, order_id, kind, reference, cents, vat_cents,
                               vat_basis_points, booked_at)
       SELECT $1::uuid, gen_random_uuid(), order_id, 'sale', ticket_id, 1500, 85, 600, now() FROM place
       UNION ALL
       SELECT $1::uuid, gen_random_uuid(), order_id, 'payment', payment_id, 3000, 0, 0, now() FROM sold""",
    "UPDATE stock SET standing_taken = standing_taken + (SELECT count(*) FROM place) WHERE event_id = $1",
)


async def codes(instance: Instance, event: UUID, count: int) -> tuple[str, ...]:
    """The codes of some of an event's tickets, as its printer signs them: a party comes together."""
    signer = signer_from(instance.secrets / "orders" / "signing.pem")
    async with database(instance) as sql:
        found = """SELECT ticket_id FROM ticket WHERE event_id = $1 AND state = 'issued'
                   ORDER BY order_id, line_no LIMIT $2"""
        rows = await sql.fetch(found, event, count - count % DOORS)
    return tuple(write_code(event, row["ticket_id"], signer) for row in rows)


async def steward(endpoints: Mapping[str, Any]) -> dict[str, str]:
    """The cookies of who works at the door."""
    door, login = Connection(endpoints["services"]["gateway"]), endpoints["logins"]["steward"]
    body = json.dumps({"user": login["user"], "password": login["password"]}).encode()
    reply = await door.send("POST", "/api/v1/sessions", JSON, body)
    reply = await door.send("POST", "/api/v1/sessions/factor", JSON, second_step(login, reply.body))
    door.close()
    if reply.status >= 300:
        raise RuntimeError(f"the steward was not let in: {reply.status}")
    name, _, value = reply.cookies[0].partition(";")[0].partition("=")
    return {name: value}


async def broken_laws(instance: Instance) -> list[str]:
    """Which of the laws of a sale do not hold in the database now."""
    async with database(instance) as sql:
        await sql.execute("SET statement_timeout = 0")
        return await broken(sql)


@asynccontextmanager
async def statements(instance: Instance) -> AsyncIterator[dict[str, float]]:
    """Counts the statements of orders' roles by their text while the block runs, but BEGIN and COMMIT."""
    server = postgres.of(instance)
    connection = await asyncpg.connect(server.dsn)
    counted: dict[str, float] = {}
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        await connection.execute("SELECT pg_stat_statements_reset()")
        yield counted
        for row in await connection.fetch(
            """SELECT s.query, s.calls FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
               WHERE r.rolname LIKE 'orders\\_\\_%' AND s.query !~* '^(begin|commit|rollback)'"""
        ):
            counted[" ".join(row["query"].split())] = float(row["calls"])
    finally:
        await connection.close()
