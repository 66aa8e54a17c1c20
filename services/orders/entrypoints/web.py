"""The door for requests: each route with its purpose and the roles that may use it."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.routes import Route
from contracts.actors import PEOPLE, Role
from contracts.looks import ReasonCode
from contracts.orders import api, money
from contracts.orders.limits import LimitContest, LimitContested
from services.orders.handlers.admit import Admit
from services.orders.handlers.contest_limit import ContestLimit
from services.orders.handlers.extend_hold import ExtendHold
from services.orders.handlers.find_subject import FindSubject
from services.orders.handlers.hear_mollie import HearMollie
from services.orders.handlers.hold_again import HoldPlacesAgain
from services.orders.handlers.hold_places import HoldPlaces
from services.orders.handlers.pay_again import PayAgain
from services.orders.handlers.place_order import PlaceOrder
from services.orders.handlers.release_hold import ReleaseHold
from services.orders.handlers.sell_at_counter import SellAtCounter
from services.orders.handlers.show_hold import ShowHold
from services.orders.handlers.show_methods import ShowMethods
from services.orders.handlers.show_order import ShowOrders
from services.orders.handlers.show_season import Season, ShowSeason
from services.orders.handlers.show_sums import ShowSums

ANYBODY = PEOPLE
VISITOR = frozenset({Role.VISITOR})
BUYERS = frozenset({Role.VISITOR, Role.BOX_OFFICE})
COUNTER = frozenset({Role.BOX_OFFICE})
DOOR = frozenset({Role.STEWARD, Role.SUPERVISOR})
OR_ITS_KEY = frozenset({Role.ORGANISER, Role.ORGANISER_KEY})
BOOKS = frozenset({Role.FINANCE, Role.PRIVACY_OFFICER})
OFFICER = frozenset({Role.PRIVACY_OFFICER})
NOBODY: frozenset[Role] = frozenset()
SHOWN = ("order_guidance",)
"""Whoever ordered, paid or sold sees how the order stands."""
SLUG = "{slug:[a-z0-9-]{1,80}}"


@dataclass(frozen=True, slots=True)
class Desks:
    """The handlers behind the door."""

    season: ShowSeason
    hold: HoldPlaces
    show_hold: ShowHold
    release: ReleaseHold
    extend: ExtendHold
    again: HoldPlacesAgain
    contest: ContestLimit
    place: PlaceOrder
    pay_again: PayAgain
    show: ShowOrders
    mollie: HearMollie
    methods: ShowMethods
    counter: SellAtCounter
    door: Admit
    sums: ShowSums
    find: FindSubject


def routes(desks: Desks) -> tuple[Route, ...]:
    """All routes of contracts/orders/api.py."""
    return (*_season(desks), *_holds(desks), *_orders(desks), *_evening(desks), *_sums(desks))


def _season(desks: Desks) -> tuple[Route, ...]:
    guide = "order_guidance"
    return (
        Route(
            "GET",
            "/events",
            guide,
            ANYBODY,
            desks.season.all,
            query=Season,
            answer=api.EventList,
            summary="The season.",
            looks="nobody",
        ),
        Route(
            "GET",
            f"/events/{SLUG}",
            guide,
            ANYBODY,
            desks.season.one,
            answer=api.EventDetail,
            summary="An event with its prices and places.",
            looks="nobody",
        ),
    )


def _holds(desks: Desks) -> tuple[Route, ...]:
    sale, one = "ticket_sale", "/holds/{hold}"
    return (
        Route(
            "POST",
            "/holds",
            sale,
            BUYERS,
            desks.hold,
            body=api.HoldRequest,
            answer=api.Hold,
            status=201,
            summary="Keep places for a short while.",
            looks="nobody",
        ),
        Route(
            "GET",
            one,
            sale,
            BUYERS,
            desks.show_hold,
            answer=api.Hold,
            summary="A hold as it stands.",
            looks="nobody",
        ),
        Route(
            "POST",
            one + "/contest",
            "purchase_limit",
            VISITOR,
            desks.contest,
            body=LimitContest,
            answer=LimitContested,
            status=201,
            summary="Ask a person to look at what a purchase limit decided.",
        ),
        Route(
            "DELETE",
            one,
            sale,
            BUYERS,
            desks.release,
            status=204,
            summary="Give places back.",
            looks="nobody",
        ),
        Route(
            "PUT",
            f"{one}/extension",
            sale,
            BUYERS,
            desks.extend,
            answer=api.Hold,
            summary="Keep places longer, once.",
            looks="nobody",
        ),
        Route(
            "POST",
            f"{one}/again",
            sale,
            BUYERS,
            desks.again,
            body=api.HoldAgain,
            answer=api.Hold,
            status=201,
            summary="The same places again after their time, or as many that the house picks.",
            looks="nobody",
        ),
    )


def _orders(desks: Desks) -> tuple[Route, ...]:
    one = "/orders/{order}"
    return (
        Route(
            "POST",
            "/orders",
            "ticket_sale",
            VISITOR,
            desks.place,
            body=api.Checkout,
            answer=api.Order,
            status=201,
            summary="Order what is held.",
            also=(*SHOWN, "purchase_limit"),
        ),
        Route(
            "GET",
            one,
            "order_guidance",
            BUYERS,
            desks.show.one,
            answer=api.Order,
            summary="An order.",
            looks="one",
        ),
        Route(
            "POST",
            one + "/payment",
            "payment",
            VISITOR,
            desks.pay_again,
            answer=api.Order,
            summary="Try again to pay.",
            also=SHOWN,
        ),
        Route(
            "GET",
            "/my/orders",
            "rights",
            VISITOR,
            desks.show.mine,
            answer=api.OrderList,
            summary="One's own orders.",
        ),
        Route(
            "GET",
            "/payment-methods",
            "order_guidance",
            ANYBODY,
            desks.methods,
            answer=money.PaymentMethods,
            summary="How to pay.",
            looks="nobody",
        ),
        Route(
            "POST",
            "/webhooks/mollie",
            "payment",
            NOBODY,
            desks.mollie,
            body=api.MollieWebhook,
            open=True,
            summary="Mollie says that a payment changed.",
        ),
    )


def _evening(desks: Desks) -> tuple[Route, ...]:
    return (
        Route(
            "POST",
            "/counter/sales",
            "counter_sale",
            COUNTER,
            desks.counter,
            body=api.CounterSale,
            answer=api.Order,
            status=201,
            summary="Sell at the counter, without a name.",
            looks="nobody",
            also=SHOWN,
        ),
        Route(
            "POST",
            "/door/admissions",
            "door_admission",
            DOOR,
            desks.door,
            body=api.Scan,
            answer=api.Admission,
            summary="Scan a ticket.",
            looks="one",
            because=ReasonCode.DOOR_CHECK,
        ),
        Route(
            "GET",
            "/door/events/{event}",
            "door_admission",
            DOOR,
            desks.door.count,
            answer=api.DoorCount,
            summary="How many went in.",
            looks="nobody",
        ),
    )


def _sums(desks: Desks) -> tuple[Route, ...]:
    shared = "co_presentation_administration"
    return (
        Route(
            "GET",
            "/events/{event}/figures",
            shared,
            OR_ITS_KEY,
            desks.sums.figures,
            answer=api.EventFigures,
            summary="Counts of one event.",
        ),
        Route(
            "GET",
            "/organiser/events",
            shared,
            OR_ITS_KEY,
            desks.sums.all_figures,
            answer=api.FigureList,
            summary="Counts of an organisation's events.",
        ),
        Route(
            "GET",
            "/books",
            "bookkeeping",
            BOOKS,
            desks.sums.books,
            answer=money.Books,
            summary="Whether the books add up.",
            looks="nobody",
        ),
        Route(
            "GET",
            "/orders/by-number/{number:[A-Za-z0-9 -]{1,20}}/subject",
            "rights",
            OFFICER,
            desks.find,
            answer=api.FoundSubject,
            summary="The person behind an order number.",
            looks="one",
        ),
    )
