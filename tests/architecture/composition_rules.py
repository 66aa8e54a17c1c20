"""Rules about services as they are really composed: what a charter promises is what is wired."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from chassis.access import touches_people
from chassis.charter import RIGHTS, STORAGE_LIMITATION, Charter, Table, Use
from chassis.service import Service
from contracts.actors import STAFF
from contracts.personal import Category, personal_fields

SAID_BY_EVENT = {
    "sweep": "retention.sweep.ordered.v1",
    "anonymisation_ordered": "retention.anonymisation.ordered.v1",
}
"""Jobs that retention orders; the subscription to the order carries them out."""
WIRED_BY_THE_CHASSIS = {"accounts.actor.revoked.v1": "security"}


def hears_what_its_charter_says(charter: Charter, service: Service) -> list[str]:
    """Subscriptions and the charter's `hears` are the same topics for the same purposes."""
    wired = {one.event.topic: one.purpose for one in service.subscriptions} | WIRED_BY_THE_CHASSIS
    promised = charter.hears()
    topics = sorted(wired.keys() | promised.keys())
    return [
        f"{charter.service}: {topic} is wired for {wired.get(topic)}, the charter says {promised.get(topic)}"
        for topic in topics
        if wired.get(topic) != promised.get(topic)
    ]


def terms_have_their_job(charter: Charter, service: Service) -> list[str]:
    """Every job that a term names is a timer, or is ordered by retention and heard (W-20)."""
    timers = {timer.name for timer in service.timers}
    ordered = {job for job, topic in SAID_BY_EVENT.items() if topic in charter.hears()}
    return [
        f"{charter.service}: nothing carries out the job {job}"
        for job in sorted(charter.jobs() - timers - ordered)
    ]


def routes_are_covered(charter: Charter, service: Service, house: Collection[str]) -> list[str]:
    """A route's purpose is one of the house, known to its charter, and open to all roles of the route."""
    found = []
    for route in service.routes:
        where = f"{charter.service}: {route.method} {route.path}"
        purpose = charter.purpose.get(route.purpose)
        if route.purpose not in house:
            found.append(f"{where} serves {route.purpose}, which is no purpose of this house")
        elif purpose is None:
            found.append(f"{where} serves {route.purpose}, which its charter does not know")
        elif not route.open and not route.roles <= set(purpose.actors):
            found.append(f"{where} lets in roles that may not act for {route.purpose}")
    return found


def purposes_exist(charter: Charter, service: Service, house: Mapping[str, object]) -> list[str]:
    """What stands for a gateway: it passes calls on, so the service behind it holds the charter."""
    return [
        f"{charter.service}: {route.method} {route.path} serves {route.purpose}"
        for route in service.routes
        if route.purpose not in house
    ]


def looks_are_declared(charter: Charter, service: Service) -> list[str]:
    """A route through which staff could see people says how they look; lists are for who may read in bulk."""
    found = []
    for route in service.routes:
        where, staff = f"{charter.service}: {route.method} {route.path}", route.roles & STAFF
        purpose = charter.purpose.get(route.purpose)
        if purpose is None or not staff or not any(touches_people(charter, one) for one in route.purposes):
            continue
        if route.looks is None:
            found.append(f"{where} could show people to staff for {route.purpose} and says not how it looks")
        elif route.looks == "many" and not staff <= {*purpose.bulk}:
            found.append(f"{where} shows lists to roles that [purpose.{route.purpose}] gives no bulk reading")
    return found


def answers_are_covered(charter: Charter, service: Service) -> list[str]:
    """An answer's type has no personal field that the route's purpose may not read here."""
    found = []
    for route in service.routes:
        if route.answer is None or route.purpose not in charter.purpose:
            continue
        read = {category for one in route.purposes for category in categories_read(charter, one)}
        found += [
            f"{charter.service}: {route.method} {route.path} answers with {field}, and {route.purpose} "
            f"may read no {category.value} here"
            for field, category in personal_fields(route.answer).items()
            if category not in read
        ]
    return found


def categories_read(charter: Charter, purpose: str) -> set[Category]:
    """What a purpose may read in a service: its own columns, and what free tables tell of somebody."""
    if purpose in (RIGHTS, STORAGE_LIMITATION):
        uses = {name: Use(select=("*",)) for name in charter.table}
    else:
        uses = charter.purpose[purpose].uses
    return {one for name, use in uses.items() if use.select for one in _told(charter.table[name], use)}


def _told(table: Table, use: Use) -> set[Category]:
    everything = "*" in use.select
    told = {c.category for name, c in table.column.items() if everything or name in use.select}
    if table.subject and (everything or table.subject in use.select):
        told.add(Category.SUBJECT)
    return told | {*table.tells}
