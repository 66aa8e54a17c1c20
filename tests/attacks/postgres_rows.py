"""Rows: which of them a purpose sees or touches; no view, function, setting or error text gets around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import asyncpg

from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.sql_wall import (
    Down,
    Statement,
    attribute,
    down,
    forced,
    grant,
    policy,
    rows_of,
    sql_attack,
    told,
)

SALE, LIST = "orders__ticket_sale", "sharing__co_presentation_door_list"
TERMS = "sharing__co_presentation_administration"
LETTER = """INSERT INTO outbox (id, topic, subject, body, born_at, next_try, request_id)
VALUES (gen_random_uuid(), '{topic}', gen_random_uuid(), '{}', now(), now() + interval '1 day', 'attack')"""
FOREIGN = """INSERT INTO attendee_door (order_id, event_id, organisation_id, subject_id, name, name_version,
seats) VALUES (gen_random_uuid(), '{event}', '{partner}', '{subject}', 'Nemo', 1, '{}')"""
WAITING = Down(
    LETTER.replace("{topic}", "orders.buyer.named.v1"), "DELETE FROM outbox WHERE request_id = 'attack'"
)
VIEW = Down(
    "CREATE VIEW mailing AS SELECT email FROM order_person; ALTER VIEW mailing OWNER TO orders__owner;"
    ' GRANT SELECT ON mailing TO "orders__order_guidance"',
    "DROP VIEW mailing",
)
FUNCTION = Down(
    "CREATE FUNCTION everybody() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER"
    " AS 'SELECT email FROM person';"
    " ALTER FUNCTION everybody() OWNER TO accounts__owner",
    "DROP FUNCTION everybody()",
)


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_organisations(), *_sideways(), *_choices(), *_letters(), *_roundabout())


def _organisations() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "another organisation's door list",
            "the names of people who come to another organiser's evening",
            "an organiser's purpose sees rows of its own organisation only (W-04)",
            Statement(
                "sharing",
                "co_presentation_door_list",
                "SELECT name FROM attendee_door",
                told("name"),
                organisation="{other}",
            ),
            policy("attendee_door", LIST, "SELECT"),
        ),
        sql_attack(
            "no organisation at all",
            "everybody's attendees, because nobody said whose",
            "without an organisation a policy is an error, not an open door",
            Statement(
                "sharing",
                "co_presentation_administration",
                "SELECT attendee_id FROM attendee",
                rows_of("attendees"),
            ),
            policy("attendee", TERMS, "SELECT"),
        ),
        sql_attack(
            "a row for another organisation",
            "another organiser to be told about somebody",
            "an organiser's purpose writes rows of its own organisation only",
            Statement(
                "sharing",
                "co_presentation_door_list",
                FOREIGN,
                rows_of("attendee"),
                organisation="{other}",
            ),
            policy("attendee_door", LIST, "INSERT"),
        ),
        sql_attack(
            "another organisation's figures",
            "how another organiser's evening sells",
            "an organiser's figures come from its own events (G-33)",
            Statement(
                "orders",
                "co_presentation_administration",
                "SELECT event_id FROM event_partner",
                told("event"),
                organisation="{other}",
            ),
            policy("event_partner", "orders__co_presentation_administration", "SELECT"),
        ),
    )


async def _quoted(ground: Ground) -> str:
    """A condition that fails on every text, in the hope that it runs before the policy and quotes a name.

    Every guest of these attacks is called Maud.
    """
    async with ground.database("sharing", LIST) as connection:
        try:
            await connection.execute(f"BEGIN; SET LOCAL app.organisation = '{ground.facts['other']}'")
            await connection.fetch("SELECT 1 FROM attendee_door WHERE name::int > 0")
        except asyncpg.InvalidTextRepresentationError as error:
            return (
                "an error that quotes a buyer's name" if ground.someone.name.split()[0] in str(error) else ""
            )
    raise Held("no error: the condition never saw a hidden row")


def _counted(_: Ground, rows: Sequence[Any]) -> str:
    return f"that there are {rows[0]['n']} attendees" if rows and rows[0]["n"] else ""


def _sideways() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "a count of rows",
            "how many come to another organiser's evening",
            "hidden rows are not counted",
            Statement(
                "sharing",
                "co_presentation_administration",
                "SELECT count(*) AS n FROM attendee",
                _counted,
                organisation="{other}",
            ),
            policy("attendee", TERMS, "SELECT"),
        ),
        sql_attack(
            "UPDATE says how many",
            "the number of hidden rows in a command tag",
            "a change touches only rows that may be changed, and counts only those",
            Statement(
                "sharing",
                "co_presentation_door_list",
                "UPDATE attendee_door SET name_version = 1",
                rows_of("attendees, by the count of an UPDATE"),
                organisation="{other}",
            ),
            policy("attendee_door", LIST, "UPDATE"),
        ),
        Attack(
            "postgres",
            "an error text that quotes",
            "a hidden name in the text of an error",
            "conditions run after the row policy, so errors quote nothing hidden",
            _quoted,
            lambda ground: down(ground, "sharing", [policy("attendee_door", LIST, "SELECT")]),
        ),
        sql_attack(
            "row_security = off",
            "rows without policies",
            "a purpose role cannot switch its policies off",
            Statement(
                "sharing",
                "co_presentation_door_list",
                "SELECT name FROM attendee_door",
                told("name"),
                organisation="{other}",
                first=("SET LOCAL row_security = off",),
            ),
            attribute(LIST, "BYPASSRLS"),
        ),
    )


def _choices() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "choices for another purpose",
            "who said yes to a co-presenter, while selling",
            "a purpose sees the choices about itself only",
            Statement(
                "orders",
                "ticket_sale",
                "SELECT state FROM gate WHERE purpose = 'co_presentation_news'",
                rows_of("choices about news of a co-presenter"),
            ),
            policy("gate", SALE, "SELECT"),
        ),
        sql_attack(
            "a consent that outranks all others",
            "a yes that no later no can take back",
            "a choice at checkout has version 0: whatever the owner numbered wins (Art. 7(3))",
            Statement(
                "orders",
                "ticket_sale",
                "INSERT INTO gate VALUES"
                " ('{subject}', 'co_presentation_news', '{other}', 'email', 'given', 2000000000)",
                rows_of("consent for ever"),
            ),
            policy("gate", SALE, "INSERT"),
        ),
        sql_attack(
            "every no becomes a yes",
            "to write to everybody who refused",
            "only the job that keeps choices changes them (G-60)",
            Statement(
                "orders",
                "ticket_sale",
                "UPDATE gate SET state = 'given'",
                rows_of("choices turned into a yes"),
            ),
            grant("UPDATE (state)", "gate", SALE),
            policy("gate", SALE, "UPDATE"),
            policy("gate", SALE, "SELECT"),
        ),
        sql_attack(
            "another purpose's idempotency keys",
            "orders of other people by the keys of their requests",
            "a purpose sees the keys of its own requests only",
            Statement("orders", "payment", "SELECT outcome FROM idempotency_key", told("order")),
            policy("idempotency_key", "orders__payment", "SELECT"),
        ),
        sql_attack(
            "a tombstone taken away",
            "late news to bring an erased person back",
            "tombstones outlive whoever handles rights (Art. 17)",
            Statement(
                "orders",
                "rights",
                "DELETE FROM tombstone WHERE subject = '{erased}'",
                rows_of("tombstone less"),
            ),
            grant("DELETE", "tombstone", "orders__rights"),
            policy("tombstone", "orders__rights", "DELETE"),
        ),
    )


def _letters() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "a letter under another's topic",
            "everybody to erase somebody, in the name of retention",
            "an outbox takes the topics of its purpose only",
            Statement(
                "orders",
                "ticket_sale",
                LETTER.replace("{topic}", "retention.erasure.ordered.v1"),
                rows_of("order to erase somebody"),
            ),
            policy("outbox", SALE, "INSERT"),
        ),
        sql_attack(
            "the outbox of another purpose",
            "names and addresses that wait for the broker",
            "whoever writes letters cannot read them, nor those of others",
            Statement(
                "orders", "payment", "SELECT body FROM outbox", rows_of("letters"), careless=(WAITING,)
            ),
            grant("SELECT (body)", "outbox", "orders__payment"),
            policy("outbox", "orders__payment", "SELECT"),
        ),
        sql_attack(
            "letters torn up",
            "an erasure order never to leave",
            "whoever writes letters cannot take them back",
            Statement(
                "orders", "payment", "DELETE FROM outbox", rows_of("letters torn up"), careless=(WAITING,)
            ),
            grant("DELETE", "outbox", "orders__payment"),
            policy("outbox", "orders__payment", "DELETE"),
        ),
    )


def _roundabout() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "a view that somebody left",
            "addresses by a view of the owner's",
            "row policies bind the owner too, so that its views show nothing",
            Statement(
                "orders", "order_guidance", "SELECT email FROM mailing", told("email"), careless=(VIEW,)
            ),
            forced("order_person"),
        ),
        sql_attack(
            "a function that somebody left",
            "addresses by a function that runs as the owner",
            "row policies bind the owner's functions too",
            Statement("accounts", "account", "SELECT everybody()", told("email"), careless=(FUNCTION,)),
            forced("person"),
        ),
    )
