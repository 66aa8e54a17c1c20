"""Who looked: the log is not read, tidied up, dated back or forged, and nobody looks without a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chassis.routes import Route
from contracts.actors import Role
from contracts.looks import ReasonCode
from tests.attacks.attack import Attack
from tests.attacks.ground import Ground
from tests.attacks.http_wall import Careless, ask, http_attack, staff
from tests.attacks.sql_wall import Down, Statement, grant, nothing_back, policy, rows_of, sql_attack

GUIDE, RIGHTS, TERMS = "orders__order_guidance", "orders__rights", "orders__storage_limitation"
CLERK = "c0000000-0000-4000-8000-000000000001"
ENTRY = "c0000000-0000-4000-8000-000000000002"
PERSON = "c0000000-0000-4000-8000-000000000003"
COLUMNS = "id, at, actor, role, purpose, reason, kind, seen, salt, hash"
LOOKED = Down(
    f"INSERT INTO access_entry ({COLUMNS}) VALUES ('{ENTRY}', now(), '{CLERK}', 'box_office',"
    " 'order_guidance', 'customer-asked', 'one', 1, '', '');"
    f" INSERT INTO access_subject VALUES ('{PERSON}', now(), '{ENTRY}')",
    f"DELETE FROM access_entry WHERE id = '{ENTRY}'; DELETE FROM access_subject WHERE entry = '{ENTRY}'",
)
FORGED = f"""INSERT INTO access_entry ({COLUMNS}) VALUES (gen_random_uuid(), now(), '{CLERK}', 'box_office',
'order_guidance', 'customer-asked', 'one', 0, '', '')"""


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_reading(), *_tidying(), *_asking())


def _reading() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "whom colleagues looked at",
            "who is being talked about at the box office",
            "who looks leaves a trace and reads none (Art. 32)",
            Statement(
                "orders",
                "order_guidance",
                "SELECT subject FROM access_subject",
                rows_of("people who were looked at"),
                careless=(LOOKED,),
            ),
            grant("SELECT (subject)", "access_subject", GUIDE),
            policy("access_subject", GUIDE, "SELECT"),
        ),
        sql_attack(
            "which clerk it was",
            "the clerk who looked, to have a word with them",
            "a visitor reads which role looked, never who of the staff",
            Statement(
                "orders",
                "rights",
                "SELECT actor FROM access_entry",
                rows_of("clerks"),
                careless=(LOOKED,),
                first=(f"SET LOCAL app.actor = '{PERSON}'",),
            ),
            grant("SELECT (actor)", "access_entry", RIGHTS),
        ),
        sql_attack(
            "who looked at somebody else",
            "why the box office looks at somebody else",
            "people read looks at themselves, nobody else's",
            Statement(
                "orders",
                "rights",
                "SELECT reason FROM access_entry",
                rows_of("reasons"),
                careless=(LOOKED,),
                first=(f"SET LOCAL app.actor = '{CLERK}'",),
            ),
            policy("access_entry", RIGHTS, "SELECT"),
        ),
    )


def _tidying() -> Sequence[Attack[Ground]]:
    return (
        sql_attack(
            "a look unmade",
            "that nobody learns of a look out of curiosity",
            "no purpose takes an entry out of the log",
            Statement(
                "orders", "order_guidance", "DELETE FROM access_entry", rows_of("entries"), careless=(LOOKED,)
            ),
            grant("DELETE", "access_entry", GUIDE),
            policy("access_entry", GUIDE, "DELETE"),
        ),
        sql_attack(
            "a better reason afterwards",
            "a reason that nobody asks about",
            "no purpose changes an entry of the log",
            Statement(
                "orders",
                "order_guidance",
                "UPDATE access_entry SET reason = 'order-problem'",
                rows_of("entries"),
                careless=(LOOKED,),
            ),
            grant("UPDATE (reason)", "access_entry", GUIDE),
            policy("access_entry", GUIDE, "UPDATE"),
            policy("access_entry", GUIDE, "SELECT"),
        ),
        sql_attack(
            "a colleague's look",
            "that somebody else seems to have looked",
            "a look is written in the name of whoever acts",
            Statement(
                "orders",
                "order_guidance",
                FORGED,
                nothing_back("an entry in a colleague's name"),
                first=(f"SET LOCAL app.actor = '{PERSON}'",),
            ),
            policy("access_entry", GUIDE, "INSERT"),
        ),
        sql_attack(
            "the log tidied up before its term",
            "a log that begins today",
            "an entry is let go of when its year is over, by no job before",
            Statement(
                "orders",
                "storage_limitation",
                "DELETE FROM access_subject",
                rows_of("entries"),
                careless=(LOOKED,),
            ),
            policy("access_subject", TERMS, "DELETE"),
        ),
    )


def _asking() -> Sequence[Attack[Ground]]:
    return (
        http_attack(
            "a look out of curiosity",
            "somebody's order, for no reason that anyone could give",
            "staff look at one person for a reason of a closed list (G-71)",
            _curious,
            Careless("orders", routes=_without_a_question),
        ),
    )


async def _curious(ground: Ground) -> str:
    url = f"{ground.doors['orders']}/orders/{ground.someone.order}"
    token = staff(ground, Role.BOX_OFFICE, "orders")
    answer = await ask("GET", url, token, headers={"Access-Reason": "curiosity"})
    return f"the order {answer.granted()['number'][:2]}…"


def _without_a_question(routes: Sequence[Route]) -> Sequence[Route]:
    """Doors that have a reason ready for whoever gives none."""
    return [
        replace(route, because=ReasonCode.CUSTOMER_ASKED)
        if route.looks == "one" and not route.because
        else route
        for route in routes
    ]
