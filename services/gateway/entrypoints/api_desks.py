"""The API of people at work: counter, door, organisers, the privacy desk, finance."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.routes import Call, Route
from contracts.accounts.api import Choices, DeskChoice, FindSubject, FoundSubjects
from contracts.accounts.desk import FoundPeople, PersonAtDesk
from contracts.accounts.shielding import Protect, Protection, Protections, ShieldedName
from contracts.actors import Role
from contracts.looks import ReasonCode
from contracts.orders.api import (
    Admission,
    CounterSale,
    DoorCount,
    EventFigures,
    FigureList,
    FoundSubject,
    Order,
    Scan,
)
from contracts.orders.money import Books
from contracts.orders.tickets import FindOrders, FoundOrders, TicketKeys
from contracts.retention.api import (
    Case,
    Cases,
    Decision,
    DecisionFigures,
    OpenCase,
    OrderSweep,
    Review,
    Sweep,
    Sweeps,
)
from contracts.sharing.api import Agreements, Attendees, Deliveries, Endpoint, NewSecret, Recalls
from services.gateway.domain.session import Session
from services.gateway.entrypoints.bodies import EventQuery
from services.gateway.entrypoints.passage import Outcome, in_session, told
from services.gateway.entrypoints.table import Models, Table
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.find_person import find_person
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting

CLERKS = frozenset({Role.BOX_OFFICE})
DOOR = frozenset({Role.STEWARD, Role.SUPERVISOR})
ORGANISERS = frozenset({Role.ORGANISER})
OR_THEIR_KEY = frozenset({Role.ORGANISER, Role.ORGANISER_KEY})
PRIVACY = frozenset({Role.PRIVACY_OFFICER})
BOOKS = frozenset({Role.FINANCE, Role.PRIVACY_OFFICER})
NUMBER = "{number:[A-Za-z0-9-]{4,20}}"


def routes(desk: Desk) -> Sequence[Route]:
    """Routes of the desks."""
    return [
        *_evening(desk),
        *_organiser(desk),
        *_asked(desk),
        *_shielded(desk),
        *_cases(desk),
        *_searches(desk),
        *_sweeps(desk),
    ]


def _evening(desk: Desk) -> Sequence[Route]:
    counter, books = Table(desk, "counter_sale", CLERKS), Table(desk, "bookkeeping", BOOKS)
    door, care = Table(desk, "door_admission", DOOR), Table(desk, "problem_care", CLERKS)
    return [
        counter.passed(
            "POST /counter/sales", "orders", "Sell at the counter", Order, body=CounterSale, status=201
        ),
        care.passed(
            "POST /counter/orders/search",
            "orders",
            "Find a customer's order",
            FoundOrders,
            body=FindOrders,
            looks="one",
        ),
        door.passed(
            "POST /door/admissions",
            "orders",
            "Admit a ticket",
            Admission,
            body=Scan,
            looks="one",
            because=ReasonCode.DOOR_CHECK,
        ),
        door.passed("GET /door/events/{event}", "orders", "How many are inside", DoorCount),
        door.passed("GET /door/keys", "orders", "Public keys of tickets, for scanners", TicketKeys),
        books.passed("GET /books", "orders", "Whether the books add up", Books),
    ]


def _organiser(desk: Desk) -> Sequence[Route]:
    own = Table(desk, "co_presentation_administration", ORGANISERS)
    counted = Table(desk, "co_presentation_administration", OR_THEIR_KEY)
    door_list = Table(desk, "co_presentation_door_list", OR_THEIR_KEY)
    figures, renew = "orders /events/{event}/figures", "sharing /endpoint/secret"
    return [
        own.passed("GET /organiser/agreements", "sharing /agreements", "Terms", Agreements),
        door_list.passed(
            "GET /organiser/attendees",
            "sharing /attendees",
            "The door list",
            Attendees,
            query=EventQuery,
            looks="many",
        ),
        own.passed("GET /organiser/endpoint", "sharing /endpoint", "Where messages go", Endpoint),
        own.passed("POST /organiser/endpoint/secret", renew, "Renew what signs them", NewSecret, status=201),
        own.passed("GET /organiser/deliveries", "sharing /deliveries", "Sent", Deliveries),
        counted.passed("GET /organiser/events", "orders", "Sold", FigureList),
        counted.passed(
            "GET /organiser/events/{event}", figures, "Counts and amounts of one event", EventFigures
        ),
    ]


def _cases(desk: Desk) -> Sequence[Route]:
    rights, one, opened = Table(desk, "rights", PRIVACY), "/cases/{case}", "Open a case for a person"
    decided: Models = {"looks": "one", "because": ReasonCode.RIGHTS_CASE, "body": Review}
    in_case: Models = {"looks": "one", "because": ReasonCode.RIGHTS_CASE}
    for_them: Models = {"looks": "one", "because": ReasonCode.RIGHTS_REQUEST, "body": OpenCase, "status": 201}
    again, made = "A person decides again", "What machines decided, in figures"
    recalls, answered = f"sharing {one}/recalls", "What recipients answered"
    weighed: Models = {**in_case, "body": Decision}
    lift, decide = f"retention {one}/lift", f"retention {one}/decision"
    return [
        rights.passed(f"POST /privacy{one}/lift", lift, "End a restriction", Case, **in_case),
        rights.passed(f"POST /privacy{one}/decision", decide, "Weigh an objection", Case, **weighed),
        rights.passed("GET /privacy/cases", "retention /cases", "All cases", Cases, looks="many"),
        rights.passed("GET /privacy" + one, "retention " + one, "One case", Case, **in_case),
        rights.passed("POST /privacy/cases", "retention /cases", opened, Case, **for_them),
        rights.passed(f"GET /privacy{one}/recalls", recalls, answered, Recalls, **in_case),
        rights.passed(f"POST /privacy{one}/review", f"retention {one}/review", again, Case, **decided),
        rights.passed(
            "GET /privacy/decisions", "retention /decisions", made, DecisionFigures, looks="nobody"
        ),
    ]


def _asked(desk: Desk) -> Sequence[Route]:
    served, looking = CLERKS | PRIVACY, CLERKS | PRIVACY | {Role.SUPERVISOR}
    choosing, orders = Table(desk, "keeping_choices", served), Table(desk, "problem_care", looking)
    seeing = Table(desk, "keeping_choices", looking)
    door, told = "POST /people/{subject}/choices", "Change a choice for somebody who asked for it"
    why: Models = {"looks": "one", "because": ReasonCode.RIGHTS_REQUEST, "body": DeskChoice}
    address: Models = {"looks": "one", "body": FindSubject}
    owner, whose = f"GET /counter/orders/{NUMBER}/owner", "orders /counter/orders/{number}/owner"
    return [
        choosing.passed(door, "accounts", told, Choices, **why),
        seeing.passed("POST /people/search", "accounts", "Look somebody up", FoundPeople, **address),
        seeing.passed(
            "GET /people/{subject}", "accounts", "One person with their choices", PersonAtDesk, looks="one"
        ),
        orders.passed(owner, whose, "The person behind an order", FoundSubject, looks="one"),
    ]


def _shielded(desk: Desk) -> Sequence[Route]:
    officer = Table(desk, "protection", PRIVACY)
    need = Table(desk, "protection", PRIVACY | {Role.SUPERVISOR})
    one, name = "accounts /people/{subject}/protection", "GET /people/{subject}/name"
    asked: Models = {"looks": "one", "because": ReasonCode.RIGHTS_REQUEST}
    over: Models = {**asked, "status": 204}
    kept: Models = {**asked, "body": Protect}
    begin, end = "PUT /privacy/protections/{subject}", "DELETE /privacy/protections/{subject}"
    find, told = "GET /privacy/protections/{subject}", "The name of somebody who is shielded"
    every = "accounts /protections"
    return [
        officer.passed("GET /privacy/protections", every, "Whoever is shielded", Protections, looks="many"),
        officer.passed(find, one, "How somebody is shielded", Protection, looks="one"),
        officer.passed(begin, one, "Shield somebody, or look again", Protection, **kept),
        officer.passed(end, one, "Shield somebody no longer", None, **over),
        need.passed(name, "accounts", told, ShieldedName, looks="one"),
    ]


def _searches(desk: Desk) -> Sequence[Route]:
    rights, search = Table(desk, "rights", PRIVACY), _Search(desk)
    address: Models = {"looks": "one", "body": FindSubject}
    by_email, by_number = in_session(search.by_email), in_session(search.by_number)
    number = f"GET /privacy/orders/{NUMBER}/subject"
    return [
        rights.row("POST /privacy/subjects", by_email, "Find a person by address", FoundSubjects, **address),
        rights.row(number, by_number, "Find a person by order", FoundSubject, looks="one"),
    ]


class _Search:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def by_email(self, call: Call, session: Session) -> Outcome:
        found = await self._find(call, session, call.body)
        return told(found) if isinstance(found, Declined) else FoundSubjects(subjects=found)

    async def by_number(self, call: Call, session: Session) -> Outcome:
        found = await self._find(call, session, call.path["number"])
        return told(found) if isinstance(found, Declined) else FoundSubject(subject=found[0])

    async def _find(
        self, call: Call, session: Session, sought: FindSubject | str
    ) -> tuple[UUID, ...] | Declined:
        assert call.reason is not None, "the door lets nobody look at one person without a reason"
        return await find_person(self._desk, Acting(session), sought, call.reason, call.language)


def _sweeps(desk: Desk) -> Sequence[Route]:
    terms, one = Table(desk, "storage_limitation", PRIVACY), "/sweeps/{sweep}"
    order = "Look for what may no longer be kept"
    return [
        terms.passed(
            "POST /privacy/sweeps",
            "retention /sweeps",
            order,
            Sweep,
            body=OrderSweep,
            status=201,
            looks="nobody",
        ),
        terms.passed("GET /privacy/sweeps", "retention /sweeps", "All sweeps", Sweeps, looks="nobody"),
        terms.passed("GET /privacy" + one, "retention " + one, "One sweep", Sweep, looks="nobody"),
    ]
