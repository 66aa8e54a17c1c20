"""Doors: roles that reach for other roles' work, and people who reach for other people's data."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from chassis.charter import Charter
from chassis.decision import Accepted
from chassis.routes import Call, Route
from contracts.actors import Actor, Role
from contracts.copies import CopyPart
from services.sharing.handlers.show import OfEvent
from tests.attacks.attack import Attack
from tests.attacks.ground import Ground
from tests.attacks.http_wall import (
    Careless,
    Off,
    Swap,
    ask,
    composed,
    http_attack,
    opened,
    rerouted,
    staff,
    visitor,
)
from tests.attacks.sql_wall import down, policy

REAL_READ = Charter.read


def allowing(purpose: str, role: Role) -> Swap:
    """Charters in which one more role may act for a purpose."""

    def read(path: Any) -> Charter:
        charter = REAL_READ(path)
        known = charter.purpose.get(purpose)
        if known is None:
            return charter
        wider = known.model_copy(
            update={"actors": (*known.actors, role), "bulk": (*known.bulk, role) if known.bulk else ()}
        )
        return charter.model_copy(update={"purpose": {**charter.purpose, purpose: wider}})

    return ("chassis.charter:Charter", "read", staticmethod(read))


async def _order_by_steward(ground: Ground) -> str:
    url = f"{ground.doors['orders']}/orders/{ground.someone.order}"
    answer = await ask("GET", url, staff(ground, Role.STEWARD, "orders"))
    return f"the order {answer.granted()['number'][:2]}… with its tickets' codes"


async def _names_by_steward(ground: Ground) -> str:
    return await _search(ground, staff(ground, Role.STEWARD, "accounts"))


async def _names_by_visitor(ground: Ground) -> str:
    return await _search(ground, visitor(ground, "accounts"))


async def _search(ground: Ground, token: str) -> str:
    url, body = ground.doors["accounts"] + "/subjects/by-email", {"email": ground.someone.email}
    found = (await ask("POST", url, token, body)).granted()["subjects"]
    return "the person behind an address" if found else ""


async def _sale_by_organiser(ground: Ground) -> str:
    organiser = staff(ground, Role.ORGANISER, "orders", ground.facts["other"])
    sale = await ask(
        "POST",
        ground.doors["orders"] + "/counter/sales",
        organiser,
        ground.facts["sale"],
        {"Idempotency-Key": "attack-" + ground.someone.order.hex},
    )
    return f"a ticket, {sale.granted()['state']} without a payment"


async def _case_by_marketing(ground: Ground) -> str:
    answer = await ask(
        "GET", ground.doors["retention"] + "/cases", staff(ground, Role.MARKETING, "retention")
    )
    return f"{len(answer.granted()['cases'])} cases of people who invoked a right"


async def _careless_route(ground: Ground) -> str:
    """Somebody opened the books' door to marketing, on both sides: only the charter stands behind it."""
    charter = ground.facts.get("charter", ())
    careless = Careless("orders", swaps=charter, routes=opened("/books", Role.MARKETING))
    async with composed(ground, careless) as url:
        answer = await ask("GET", url + "/books", staff(ground, Role.MARKETING, "orders"))
    return f"the books, {answer.granted()['tickets']} tickets"


@asynccontextmanager
async def _charter_for_marketing(ground: Ground) -> AsyncIterator[Ground]:
    swaps = (allowing("bookkeeping", Role.MARKETING),)
    yield replace(ground, facts={**ground.facts, "charter": swaps})


def _roles() -> Sequence[Attack[Ground]]:
    search = "/subjects/by-email"
    return (
        http_attack(
            "an order in a steward's hands",
            "the codes of somebody's tickets",
            "a door names the roles that may use it",
            _order_by_steward,
            Careless("orders", routes=opened("/orders/{order}", Role.STEWARD)),
        ),
        http_attack(
            "searching names as a steward",
            "who somebody is",
            "only the privacy desk looks for persons",
            _names_by_steward,
            Careless("accounts", (allowing("rights", Role.STEWARD),), routes=opened(search, Role.STEWARD)),
        ),
        http_attack(
            "searching names as a visitor",
            "whether somebody was here",
            "a visitor's rights are about themselves",
            _names_by_visitor,
            Careless("accounts", routes=opened(search, Role.VISITOR)),
        ),
        http_attack(
            "an organiser at the counter",
            "tickets that count as paid",
            "only the box office sells at the counter",
            _sale_by_organiser,
            Careless(
                "orders",
                (allowing("counter_sale", Role.ORGANISER),),
                routes=opened("/counter/sales", Role.ORGANISER),
            ),
        ),
        http_attack(
            "marketing reads cases",
            "who objected or left, to write to them first",
            "cases are for the person and the privacy officer",
            _case_by_marketing,
            Careless(
                "retention", (allowing("rights", Role.MARKETING),), routes=opened("/cases", Role.MARKETING)
            ),
        ),
        http_attack(
            "a door that somebody left open",
            "the books, through a route that forgot its roles",
            "the charter decides once more who may act for a purpose",
            _careless_route,
            _charter_for_marketing,
        ),
    )


async def _order(ground: Ground) -> str:
    url = f"{ground.doors['orders']}/orders/{ground.someone.order}"
    tickets = (await ask("GET", url, visitor(ground, "orders"))).granted()["tickets"]
    return f"the codes of {len(tickets)} tickets of somebody else"


async def _paper(ground: Ground, token: str) -> str:
    answer = await ask("GET", f"{ground.doors['notify']}/orders/{ground.someone.order}/tickets.pdf", token)
    answer.granted()
    return "somebody else's tickets on paper" if answer.body.startswith(b"%PDF") else ""


async def _paper_of_another(ground: Ground) -> str:
    return await _paper(ground, visitor(ground, "notify"))


async def _paper_by_clerk(ground: Ground) -> str:
    return await _paper(ground, staff(ground, Role.BOX_OFFICE, "notify"))


async def _case(ground: Ground) -> str:
    url = f"{ground.doors['retention']}/cases/{ground.facts['copy']}"
    return f"somebody's {(await ask('GET', url, visitor(ground, 'retention'))).granted()['kind']} case"


async def _copy(ground: Ground) -> str:
    url = f"{ground.doors['accounts']}/copies/{ground.facts['copy']}"
    answer = await ask("GET", url, visitor(ground, "accounts"))
    answer.granted()
    return "somebody's copy of everything" if ground.someone.email.encode() in answer.body else ""


async def _case_for_another(ground: Ground) -> str:
    body = {"kind": "copy", "subject": str(ground.someone.subject)}
    answer = await ask("POST", ground.doors["retention"] + "/cases", visitor(ground, "retention"), body)
    case = answer.granted()
    return "a case in somebody else's name" if case["subject"] == str(ground.someone.subject) else ""


async def _figures(ground: Ground) -> str:
    other = staff(ground, Role.ORGANISER, "orders", ground.facts["other"])
    url = f"{ground.doors['orders']}/events/{ground.someone.event}/figures"
    return f"{(await ask('GET', url, other)).granted()['tickets_sold']} tickets sold by another organiser"


async def _list_by_query(ground: Ground) -> str:
    other = staff(ground, Role.ORGANISER, "sharing", ground.facts["other"])
    url = f"{ground.doors['sharing']}/attendees?organisation={ground.someone.partner}"
    found = (await ask("GET", url, other)).granted()["attendees"]
    return f"the names of {len(found)} people who come to another organiser" if found else ""


class OfAnybody(OfEvent):
    """A query that also says whose list is wanted."""

    organisation: UUID


def _of_whoever_is_asked(routes: Sequence[Route]) -> Sequence[Route]:
    """Routes whose door list believes the organisation of the query."""
    real = next(route for route in routes if route.template == "/attendees").handle

    async def believing(call: Call) -> Any:
        return await real(replace(call, actor=Actor(call.actor.role, call.actor.id, call.query.organisation)))

    return rerouted("/attendees", query=OfAnybody, handle=believing)(routes)


async def _part_for_anybody(work: Any, seal: Any, actor: Actor, request: UUID) -> CopyPart | None:
    async with work("rights", actor) as tx:
        row = await tx.fetchrow("SELECT sealed FROM copy_part WHERE request = $1", request)
    return CopyPart.model_validate_json(seal.open(row["sealed"], f"copy_part/{request}"))


def _figures_of_all() -> Off:
    return lambda ground: down(
        ground, "orders", [policy("event_partner", "orders__co_presentation_administration", "SELECT")]
    )


async def _yes(*_: Any) -> bool:
    return True


def _people() -> Sequence[Attack[Ground]]:
    show, papers = "services.orders.handlers.show_order", "services.notify.handlers.show_tickets"
    return (
        http_attack(
            "somebody else's order",
            "tickets that somebody else paid for",
            "other people's orders do not exist for a visitor",
            _order,
            Careless("orders", ((show, "is_one", _yes),)),
        ),
        http_attack(
            "somebody else's paper",
            "tickets to print",
            "other people's tickets do not exist for a visitor",
            _paper_of_another,
            Careless("notify", ((papers, "may_see", _yes),)),
        ),
        http_attack(
            "a named buyer's paper at the counter",
            "tickets of whoever gave a name",
            "the counter prints what it sold without a name, and nothing else (G-15)",
            _paper_by_clerk,
            Careless("notify", ((papers, "may_see", _yes),)),
        ),
        http_attack(
            "somebody else's case",
            "what somebody asked of the privacy desk",
            "a visitor reads own cases only",
            _case,
            Careless("retention", (("services.retention.handlers.show_cases", "may_read", _yes),)),
        ),
        http_attack(
            "a part of somebody's copy",
            "everything that accounts holds of somebody",
            "a copy is for the person that it is about (W-40)",
            _copy,
            Careless("accounts", (("chassis.copying", "read_part", _part_for_anybody),)),
        ),
        http_attack(
            "a right in somebody's name",
            "a copy of somebody's data to be made",
            "a visitor invokes own rights only",
            _case_for_another,
            Careless(
                "retention",
                (("services.retention.handlers.open_case", "asked_for", lambda _, wanted: Accepted(wanted)),),
            ),
        ),
        http_attack(
            "walking ids as an organiser",
            "how another organiser's evening sells, event by event",
            "an organiser's figures stop at the row policy",
            _figures,
            _figures_of_all(),
        ),
        http_attack(
            "an organisation in the query",
            "another organiser's door list, by naming it",
            "the organisation comes from the token, never from the request",
            _list_by_query,
            Careless("sharing", routes=_of_whoever_is_asked),
        ),
    )


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_roles(), *_people())
