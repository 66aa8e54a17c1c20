"""The API of people at work: counter, door, organisers, the privacy desk, finance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel

from chassis.routes import Route
from contracts.accounts.api import FindSubject, FoundSubjects
from contracts.actors import Role
from contracts.orders.api import (
    Admission,
    Books,
    CounterSale,
    DoorCount,
    EventFigures,
    FigureList,
    FoundSubject,
    Order,
    Scan,
)
from contracts.retention.api import Case, Cases, OpenCase, OrderSweep, Sweep, Sweeps
from contracts.sharing.api import Agreements, Attendees, Deliveries, Recalls
from services.gateway.entrypoints.bodies import EventQuery
from services.gateway.entrypoints.passage import passage
from services.gateway.handlers.desk import Desk

CLERKS = frozenset({Role.BOX_OFFICE})
DOOR = frozenset({Role.STEWARD, Role.SUPERVISOR})
ORGANISERS = frozenset({Role.ORGANISER})
PRIVACY = frozenset({Role.PRIVACY_OFFICER})
BOOKS = frozenset({Role.FINANCE, Role.PRIVACY_OFFICER})
NUMBER = "{number:[A-Za-z0-9-]{4,20}}"


@dataclass(frozen=True)
class _Line:
    """One route that passes on: method and path here, service and path there, purpose, roles, models."""

    method: str
    path: str
    service: str
    source: str
    purpose: str
    roles: frozenset[Role]
    answer: type[BaseModel]
    summary: str
    body: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    status: int = 200

    def route(self, desk: Desk) -> Route:
        return Route(
            self.method,
            self.path,
            self.purpose,
            self.roles,
            passage(desk, (self.service, self.method, self.source), self.answer),
            body=self.body,
            query=self.query,
            answer=self.answer,
            status=self.status,
            summary=self.summary,
        )


def routes(desk: Desk) -> Sequence[Route]:
    """Routes of the desks."""
    return [line.route(desk) for line in (*_evening(), *_organiser(), *_privacy())]


def _evening() -> Sequence[_Line]:
    sale, door = "/counter/sales", "/door/admissions"
    return [
        _Line(
            "POST",
            sale,
            "orders",
            sale,
            "counter_sale",
            CLERKS,
            Order,
            "Sell at the counter",
            body=CounterSale,
            status=201,
        ),
        _Line("POST", door, "orders", door, "door_admission", DOOR, Admission, "Admit a ticket", body=Scan),
        _Line(
            "GET",
            "/door/events/{event}",
            "orders",
            "/door/events/{event}",
            "door_admission",
            DOOR,
            DoorCount,
            "How many are inside",
        ),
        _Line("GET", "/books", "orders", "/books", "bookkeeping", BOOKS, Books, "Whether the books add up"),
    ]


def _organiser() -> Sequence[_Line]:
    administration = "co_presentation_administration"
    return [
        _Line(
            "GET",
            "/organiser/agreements",
            "sharing",
            "/agreements",
            administration,
            ORGANISERS,
            Agreements,
            "Terms",
        ),
        _Line(
            "GET",
            "/organiser/attendees",
            "sharing",
            "/attendees",
            "co_presentation_door_list",
            ORGANISERS,
            Attendees,
            "The door list",
            query=EventQuery,
        ),
        _Line(
            "GET",
            "/organiser/deliveries",
            "sharing",
            "/deliveries",
            administration,
            ORGANISERS,
            Deliveries,
            "Sent",
        ),
        _Line(
            "GET",
            "/organiser/events",
            "orders",
            "/organiser/events",
            administration,
            ORGANISERS,
            FigureList,
            "Sold",
        ),
        _Line(
            "GET",
            "/organiser/events/{event}",
            "orders",
            "/events/{event}/figures",
            administration,
            ORGANISERS,
            EventFigures,
            "Counts and amounts of one event",
        ),
    ]


def _privacy() -> Sequence[_Line]:
    def line(
        method: str, path: str, service: str, source: str, answer: type[BaseModel], summary: str
    ) -> _Line:
        return _Line(method, "/privacy" + path, service, source, "rights", PRIVACY, answer, summary)

    terms = "storage_limitation"
    return [
        line("GET", "/cases", "retention", "/cases", Cases, "All cases"),
        line("GET", "/cases/{case}", "retention", "/cases/{case}", Case, "One case"),
        _Line(
            "POST",
            "/privacy/cases",
            "retention",
            "/cases",
            "rights",
            PRIVACY,
            Case,
            "Open a case for a person",
            body=OpenCase,
            status=201,
        ),
        line(
            "GET",
            "/cases/{case}/recalls",
            "sharing",
            "/cases/{case}/recalls",
            Recalls,
            "What recipients answered",
        ),
        _Line(
            "POST",
            "/privacy/subjects",
            "accounts",
            "/subjects/by-email",
            "rights",
            PRIVACY,
            FoundSubjects,
            "Find a person by address",
            body=FindSubject,
        ),
        line(
            "GET",
            "/orders/" + NUMBER + "/subject",
            "orders",
            "/orders/by-number/{number}/subject",
            FoundSubject,
            "Find a person by order",
        ),
        _Line(
            "POST",
            "/privacy/sweeps",
            "retention",
            "/sweeps",
            terms,
            PRIVACY,
            Sweep,
            "Look for what may no longer be kept",
            body=OrderSweep,
            status=201,
        ),
        _Line("GET", "/privacy/sweeps", "retention", "/sweeps", terms, PRIVACY, Sweeps, "All sweeps"),
        _Line(
            "GET",
            "/privacy/sweeps/{sweep}",
            "retention",
            "/sweeps/{sweep}",
            terms,
            PRIVACY,
            Sweep,
            "One sweep",
        ),
    ]
