"""Columns: what a purpose was not granted it can neither read, compare, count, sort by, nor write."""

from __future__ import annotations

import io
from collections.abc import Sequence

from tests.attacks.attack import Attack
from tests.attacks.ground import Ground
from tests.attacks.sql_wall import (
    Statement,
    attempt_at,
    down,
    grant,
    nothing_back,
    policy,
    rows_of,
    sql_attack,
    told,
)

GUIDE, SALE, DOOR = "orders__order_guidance", "orders__ticket_sale", "orders__door_admission"
REST = "name, email, email_key, phone, locale, version, name_version, email_version, phone_version, placed_on"
TICKET = """INSERT INTO ticket (event_id, ticket_id, order_id, line_no, price_id, cents,
vat_basis_points, state, issued_at)
VALUES ('{event}', gen_random_uuid(), '{order}', 99, gen_random_uuid(), 0, 0, 'issued', now())"""
SMUGGLE = """INSERT INTO outbox (id, topic, subject, body, born_at, next_try, request_id)
SELECT gen_random_uuid(), 'orders.order.placed.v1', subject_id, email, now(), now(), 'r' FROM order_person"""
OVERWRITE = """INSERT INTO order_person (event_id, order_id, subject_id, name, email, locale, version,
name_version, email_version, phone_version, placed_on)
VALUES ('{event}', '{order}', '{subject}', 'Nemo', 'nemo@example.org', 'nl', 1, 1, 1, 1, now())
ON CONFLICT (event_id, order_id) DO UPDATE SET name = 'Nemo'"""


async def _copy_out(ground: Ground) -> str:
    out = io.BytesIO()
    async with ground.database("orders", GUIDE) as connection:
        await connection.copy_from_table("order_person", columns=["email"], output=out)
    return "every buyer's address" if ground.someone.email.encode() in out.getvalue() else ""


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_reading(), *_hidden_reading(), *_writing(), *_elsewhere())


def _reading() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "one column too many",
            "the buyer's phone number while showing an order",
            "a purpose reads the columns that its charter names, and no other (W-11)",
            Statement("orders", "order_guidance", "SELECT phone FROM order_person", told("phone")),
            grant("SELECT (phone)", "order_person", GUIDE),
        ),
        sql_attack(
            "SELECT *",
            "whatever stands in the row, because listing columns is work",
            "an asterisk counts as every column",
            Statement("orders", "order_guidance", "SELECT * FROM order_person", told("name", "email")),
            grant(f"SELECT ({REST})", "order_person", GUIDE),
        ),
        sql_attack(
            "a whole row as JSON",
            "a row without naming its columns",
            "a row as one value counts as every column",
            Statement("orders", "payment", "SELECT row_to_json(p)::text FROM order_person p", told("email")),
            grant(f"SELECT ({REST})", "order_person", "orders__payment"),
        ),
        sql_attack(
            "a join at the door",
            "the names of who comes in, as a steward",
            "admission knows tickets and not names (X-03)",
            Statement(
                "orders",
                "door_admission",
                "SELECT p.name FROM ticket t JOIN order_person p USING (event_id, order_id)",
                told("name"),
            ),
            grant("SELECT (name)", "order_person", DOOR),
        ),
        sql_attack(
            "names beside the books",
            "who paid how much",
            "the books name nobody (W-07)",
            Statement("orders", "bookkeeping", "SELECT name FROM order_person", told("name")),
            grant("SELECT (name)", "order_person", "orders__bookkeeping"),
            policy("order_person", "orders__bookkeeping", "SELECT"),
        ),
        Attack(
            "postgres",
            "COPY to the client",
            "all addresses in one stream",
            "COPY asks for the same column grants as SELECT",
            attempt_at(_copy_out),
            lambda ground: down(ground, "orders", [grant("SELECT (email)", "order_person", GUIDE)]),
        ),
    )


def _hidden_reading() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "a column of WHERE",
            "the orders of an address that is known",
            "to compare a column is to read it",
            Statement(
                "orders",
                "order_guidance",
                "SELECT order_id FROM order_person WHERE email = '{email}'",
                told("order"),
            ),
            grant("SELECT (email)", "order_person", GUIDE),
        ),
        sql_attack(
            "ORDER BY",
            "which orders belong to names near each other",
            "to sort by a column is to read it",
            Statement(
                "orders",
                "door_admission",
                "SELECT order_id FROM order_person ORDER BY name",
                rows_of("orders by name"),
            ),
            grant("SELECT (name)", "order_person", DOOR),
        ),
        sql_attack(
            "a count of a column",
            "how many buyers gave a phone number",
            "to count a column is to read it",
            Statement(
                "orders",
                "payment",
                "SELECT count(phone) FROM order_person",
                rows_of("count of phone numbers"),
            ),
            grant("SELECT (phone)", "order_person", "orders__payment"),
        ),
        sql_attack(
            "RETURNING",
            "the house's own id of an attendee, which the co-presenter never gets",
            "what RETURNING shows must be granted like any column",
            Statement(
                "sharing",
                "co_presentation_door_list",
                "UPDATE attendee_door SET name_version = name_version RETURNING subject_id",
                told("subject"),
                organisation="{partner}",
            ),
            grant("SELECT (subject_id)", "attendee_door", "sharing__co_presentation_door_list"),
        ),
        sql_attack(
            "addresses into an event",
            "a listener elsewhere to get what it may not have",
            "an event carries only what its purpose may read",
            Statement("orders", "ticket_sale", SMUGGLE, rows_of("events with an address in them")),
            grant("SELECT (email)", "order_person", SALE),
        ),
        sql_attack(
            "the other purpose's part of an attendee",
            "names for a newsletter that asked for addresses only",
            "each purpose has its own part of an attendee (G-51)",
            Statement(
                "sharing",
                "co_presentation_news",
                "SELECT name FROM attendee_door",
                told("name"),
                organisation="{partner}",
            ),
            grant("SELECT (name)", "attendee_door", "sharing__co_presentation_news"),
            policy("attendee_door", "sharing__co_presentation_news", "SELECT"),
        ),
    )


def _writing() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "a cheaper order",
            "an order that costs nothing",
            "a sale changes the state of an order and never its price",
            Statement(
                "orders",
                "ticket_sale",
                "UPDATE placed_order SET total_cents = 0",
                rows_of("orders for nothing"),
            ),
            grant("UPDATE (total_cents)", "placed_order", SALE),
        ),
        sql_attack(
            "a payment that says paid",
            "tickets without paying",
            "only the purpose payment says that something was paid (W-06)",
            Statement(
                "orders",
                "ticket_sale",
                "UPDATE payment SET state = 'paid'",
                rows_of("payments that nobody made"),
            ),
            grant("UPDATE (state)", "payment", SALE),
            policy("payment", SALE, "UPDATE"),
        ),
        sql_attack(
            "a ticket out of nothing",
            "a ticket that was never sold",
            "only payment and the counter issue tickets",
            Statement("orders", "ticket_sale", TICKET, rows_of("ticket that nobody sold")),
            grant("INSERT", "ticket", SALE),
            policy("ticket", SALE, "INSERT"),
        ),
        sql_attack(
            "a person deleted in passing",
            "a buyer to vanish without a case",
            "only rights and storage limitation delete persons (Art. 17)",
            Statement("orders", "order_guidance", "DELETE FROM order_person", rows_of("buyers deleted")),
            grant("DELETE", "order_person", GUIDE),
            policy("order_person", GUIDE, "DELETE"),
        ),
        sql_attack(
            "ON CONFLICT DO UPDATE",
            "somebody else's order in another name",
            "an insert that updates needs the grant to update",
            Statement("orders", "ticket_sale", OVERWRITE, rows_of("order in another name")),
            grant("UPDATE (name)", "order_person", SALE),
            policy("order_person", SALE, "UPDATE"),
        ),
        sql_attack(
            "TRUNCATE",
            "the books to be empty",
            "no purpose empties a table: row policies do not see TRUNCATE",
            Statement("orders", "payment", "TRUNCATE book_entry", nothing_back("empty books")),
            grant("TRUNCATE", "book_entry", "orders__payment"),
        ),
        sql_attack(
            "FOR UPDATE",
            "to hold up whoever buys",
            "to lock a row needs the grant to change it",
            Statement(
                "orders",
                "door_admission",
                "SELECT order_id FROM order_person FOR UPDATE",
                rows_of("locked buyers"),
            ),
            grant("UPDATE (version)", "order_person", DOOR),
            policy("order_person", DOOR, "UPDATE"),
        ),
        sql_attack(
            "LOCK TABLE",
            "nobody to read or write while it pleases",
            "who may only read a table cannot lock others out of it",
            Statement(
                "orders",
                "order_guidance",
                "LOCK TABLE order_person IN ACCESS EXCLUSIVE MODE",
                nothing_back("the table alone"),
            ),
            grant("MAINTAIN", "order_person", GUIDE),
        ),
        sql_attack(
            "a trigger",
            "code of its own to run in other purposes' transactions",
            "no purpose hangs code on a table",
            Statement(
                "orders",
                "ticket_sale",
                "CREATE TRIGGER mine BEFORE UPDATE ON order_person"
                " EXECUTE FUNCTION suppress_redundant_updates_trigger()",
                nothing_back("a trigger on the table of buyers"),
            ),
            grant("TRIGGER", "order_person", SALE),
        ),
    )


def _elsewhere() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "password hashes",
            "hashes to guess passwords from at home",
            "whoever counts failed log-ins sees no hashes (G-14)",
            Statement("accounts", "security", "SELECT password_hash FROM login", rows_of("password hashes")),
            grant("SELECT (password_hash)", "login", "accounts__security"),
        ),
        sql_attack(
            "secrets in the name of rights",
            "hashes and sessions, as whoever makes copies and erases",
            "a secret is erased unread, and a copy only says that it is there",
            Statement(
                "accounts",
                "rights",
                "SELECT secret_hash FROM session",
                rows_of("sessions' secrets, hashed"),
            ),
            grant("SELECT (secret_hash)", "session", "accounts__rights"),
        ),
        sql_attack(
            "telephone numbers at the log-in",
            "the telephone number of everybody",
            "an account has a name to greet and an address to write to, and needs no number",
            Statement("accounts", "account", "SELECT phone FROM person", told("phone")),
            grant("SELECT (phone)", "person", "accounts__account"),
        ),
        sql_attack(
            "the address book of notify",
            "addresses, as the job that hears who was revoked",
            "a purpose without a use of a table has no way to it",
            Statement("notify", "security", "SELECT email FROM contact", told("email")),
            grant("SELECT (email)", "contact", "notify__security"),
            policy("contact", "notify__security", "SELECT"),
        ),
        sql_attack(
            "sessions of the gateway",
            "which sessions there are, to take one over",
            "only whoever guides visitors reads sessions (G-70)",
            Statement("gateway", "security", "SELECT id_hash FROM session", rows_of("sessions")),
            grant("SELECT (id_hash)", "session", "gateway__security"),
            policy("session", "gateway__security", "SELECT"),
        ),
        sql_attack(
            "the relay reads persons",
            "buyers, with the login that only carries letters",
            "the relay reaches letters and nothing else",
            Statement("orders", "carry", "SELECT email FROM order_person", told("email")),
            grant("SELECT (email)", "order_person", "orders__carry"),
            policy("order_person", "orders__carry", "SELECT"),
        ),
    )
