"""Rules about services as they are really composed: what a charter promises is what is wired."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from chassis.charter import Charter
from chassis.service import Service

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
