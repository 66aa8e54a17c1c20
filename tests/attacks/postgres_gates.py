"""Gates: whoever restricted, objected or did not consent is hidden from what they refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.attacks.attack import Attack
from tests.attacks.ground import Ground
from tests.attacks.sql_wall import Booty, Down, Statement, policy, rows_of, sql_attack, told

GUIDE, FEED = "orders__order_guidance", "orders__contract_exchange"
LIST, TERMS, NEWS = (f"sharing__co_presentation_{word}" for word in ("door_list", "administration", "news"))
POSTMAN, COURIER = "notify__order_guidance", "sharing__contract_exchange"
FEED_OF_NAMES = """SELECT n.name FROM order_person n
WHERE n.order_id IN (SELECT g.order_id FROM order_person g WHERE g.order_id = '{order}')"""
DOOR_LIST = """SELECT d.name FROM attendee a JOIN attendee_door d USING (order_id, event_id, organisation_id)
WHERE a.event_id = '{event}'"""
SEGMENT = "SELECT email FROM attendee_news WHERE event_id = '{event}'"
COUNTED = """SELECT count(*) AS n FROM attendee a JOIN agreement g USING (organisation_id)
WHERE a.subject_id = '{subject}'"""


def chose(purpose: str, state: str, organisation: str = "NULL", channel: str = "*") -> Down:
    """What the victim chose, on both sides of the wall: put into the gate, and taken out again."""
    row = f"'{{subject}}', '{purpose}', {organisation}, '{channel}'"
    where = f"subject = '{{subject}}' AND purpose = '{purpose}' AND channel = '{channel}' AND version = 900"
    return Down(f"INSERT INTO gate VALUES ({row}, '{state}', 900)", f"DELETE FROM gate WHERE {where}")


RESTRICTED = chose("*", "restricted")
SHIELDED = chose("protection", "restricted")
NO_CONSENT = Down(
    "UPDATE gate SET channel = 'put aside' WHERE subject = '{subject}' AND purpose = 'co_presentation_news'"
    " AND version < 900",
    "UPDATE gate SET channel = 'email' WHERE subject = '{subject}' AND purpose = 'co_presentation_news'"
    " AND version < 900",
)
"""The victim had never said yes."""


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_restricted(), *_shielded(), *_objected(), *_unconsenting())


def _counted(what: str) -> Booty:
    def look(_: Ground, rows: Sequence[Any]) -> str:
        return f"{rows[0]['n']} {what}" if rows and rows[0]["n"] else ""

    return look


def _restricted() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "a restricted person's order",
            "the order of someone whose data may only be stored",
            "who restricted is hidden from all but storage, rights, legal duty and claims (Art. 18(2))",
            Statement(
                "orders",
                "order_guidance",
                "SELECT order_id FROM order_person WHERE order_id = '{order}'",
                told("order"),
                careless=(RESTRICTED,),
            ),
            policy("order_person", GUIDE, "SELECT"),
        ),
        sql_attack(
            "a restricted person in the feed",
            "to tell a co-presenter of someone who said: stop",
            "nobody is told of who restricted (Art. 18(2), G-51)",
            Statement(
                "orders",
                "contract_exchange",
                "SELECT order_id FROM order_person WHERE order_id = '{order}'",
                told("order"),
                careless=(RESTRICTED,),
            ),
            policy("order_person", FEED, "SELECT"),
        ),
        sql_attack(
            "a letter to a restricted person",
            "the address of someone who is not to be written to",
            "nobody writes to who restricted (Art. 18(2))",
            Statement(
                "notify",
                "order_guidance",
                "SELECT email FROM contact WHERE subject_id = '{subject}'",
                told("email"),
                careless=(RESTRICTED,),
            ),
            policy("contact", POSTMAN, "SELECT"),
        ),
        sql_attack(
            "a letter sent again to a restricted person",
            "a letter that was held back to leave",
            "a change touches nobody who restricted",
            Statement(
                "notify",
                "order_guidance",
                "UPDATE message SET state = 'due' WHERE subject_id = '{subject}'",
                rows_of("letters to who restricted"),
                careless=(RESTRICTED,),
            ),
            policy("message", POSTMAN, "SELECT"),
            policy("message", POSTMAN, "UPDATE"),
        ),
        sql_attack(
            "a courier who goes all the same",
            "a message about a restricted person to leave",
            "what is about who restricted waits until that ends",
            Statement(
                "sharing",
                "contract_exchange",
                "UPDATE delivery SET state = 'waiting' WHERE subject_id = '{subject}' RETURNING delivery_id",
                rows_of("messages about who restricted"),
                careless=(RESTRICTED,),
            ),
            policy("delivery", COURIER, "SELECT"),
            policy("delivery", COURIER, "UPDATE"),
        ),
    )


def _shielded() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "a shielded person's name",
            "the name of somebody whom someone may look for",
            "who asked to be shielded is nameless for staff (F-70)",
            Statement(
                "accounts",
                "questions",
                "SELECT name FROM person WHERE subject_id = '{subject}'",
                told("name"),
                careless=(SHIELDED,),
            ),
            policy("person", "accounts__questions", "SELECT"),
        ),
        sql_attack(
            "a shielded person on the door list",
            "where somebody will be tonight, by their name",
            "who asked to be shielded is in nobody's feed (F-70)",
            Statement(
                "sharing",
                "co_presentation_door_list",
                DOOR_LIST,
                told("name"),
                organisation="{partner}",
                careless=(SHIELDED,),
            ),
            policy("attendee_door", LIST, "SELECT"),
            policy("attendee", LIST, "SELECT"),
        ),
    )


def _objected() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "an objector on the door list, by a join",
            "the name of someone who will not be on the list",
            "whoever objected is hidden in every join (Art. 21, G-31)",
            Statement(
                "sharing",
                "co_presentation_door_list",
                DOOR_LIST,
                told("name"),
                organisation="{partner}",
                careless=(chose("co_presentation_door_list", "objected", "'{partner}'", "email"),),
            ),
            policy("attendee_door", LIST, "SELECT"),
            policy("attendee", LIST, "SELECT"),
        ),
        sql_attack(
            "an objector counted into a feed by a join",
            "one more in the count than may be counted",
            "whoever objected is not counted either (Art. 21, G-33)",
            Statement(
                "sharing",
                "co_presentation_administration",
                COUNTED,
                _counted("who objected to being counted"),
                organisation="{partner}",
                careless=(chose("co_presentation_administration", "objected"),),
            ),
            policy("attendee", TERMS, "SELECT"),
        ),
        sql_attack(
            "an objector's name in the feed",
            "to tell a co-presenter who comes, against their wish",
            "the feed reads names for the door list, and so none of who objected to it (Art. 21, G-51)",
            Statement(
                "orders",
                "co_presentation_door_list",
                FEED_OF_NAMES,
                told("name"),
                organisation="{partner}",
                careless=(chose("co_presentation_door_list", "objected", "'{partner}'", "email"),),
            ),
            policy("order_person", "orders__co_presentation_door_list", "SELECT"),
        ),
        sql_attack(
            "an objector through another organisation's door",
            "someone who objected to all co-presenters, for just this one",
            "an objection to all counts for each (Art. 21)",
            Statement(
                "sharing",
                "co_presentation_door_list",
                "SELECT name FROM attendee_door",
                told("name"),
                organisation="{partner}",
                careless=(chose("co_presentation_door_list", "objected"),),
            ),
            policy("attendee_door", LIST, "SELECT"),
        ),
    )


def _unconsenting() -> Sequence[Attack[Ground]]:
    def segment(name: str, wants: str, rule: str, *careless: Down) -> Attack[Ground]:
        statement = Statement(
            "sharing",
            "co_presentation_news",
            SEGMENT,
            told("email"),
            organisation="{partner}",
            careless=careless,
        )
        return sql_attack(name, wants, rule, statement, policy("attendee_news", NEWS, "SELECT"))

    news = "co_presentation_news"
    return (
        segment(
            "a segment with those who withdrew",
            "the address of someone who took their yes back",
            "a consent that was withdrawn is none (Art. 7(3))",
            chose(news, "withdrawn"),
        ),
        segment(
            "a segment of everybody who bought",
            "the address of someone who never said yes",
            "without a row there is no consent (Art. 4(11), 7(1))",
            NO_CONSENT,
        ),
        segment(
            "a yes to letters on paper",
            "to mail someone who wanted letters on paper",
            "a consent holds for its channel (F-67)",
            NO_CONSENT,
            chose(news, "given", "'{partner}'", "post"),
        ),
        segment(
            "a yes to somebody else",
            "the address of someone who said yes to another organisation",
            "a consent holds for the organisation that it names (G-34)",
            NO_CONSENT,
            chose(news, "given", "'{other}'", "email"),
        ),
        segment(
            "a restriction behind a yes",
            "the address of someone who said yes, and later: stop",
            "a restriction comes before every consent (Art. 18(2))",
            RESTRICTED,
        ),
    )
