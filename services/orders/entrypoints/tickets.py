"""The door for what follows a sale: tickets sent again, orders found, invoices, keys for scanners."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.routes import Route
from contracts.actors import Role
from contracts.orders import holders, invoices, tickets
from contracts.orders.api import FoundSubject
from services.orders.entrypoints.web import BUYERS, COUNTER, DOOR, OFFICER, VISITOR
from services.orders.handlers.find_orders import FindOrdersOf
from services.orders.handlers.find_subject import FindSubject
from services.orders.handlers.issue_invoice import Invoices
from services.orders.handlers.name_holders import NameTicketHolders
from services.orders.handlers.send_again import SendAgain
from services.orders.handlers.show_keys import ShowKeys

LOOKING_UP = COUNTER | OFFICER | {Role.SUPERVISOR}


@dataclass(frozen=True, slots=True)
class TicketDesks:
    """The handlers behind this door."""

    again: SendAgain
    seek: FindOrdersOf
    find: FindSubject
    keys: ShowKeys
    invoices: Invoices
    holders: NameTicketHolders


def ticket_routes(desks: TicketDesks) -> tuple[Route, ...]:
    """All routes of contracts/orders/tickets.py, holders.py and invoices.py."""
    return (*_tickets(desks), *_holders(desks.holders), *_invoices(desks.invoices))


def _tickets(desks: TicketDesks) -> tuple[Route, ...]:
    return (
        Route(
            "POST",
            "/orders/{order}/tickets/again",
            "order_guidance",
            BUYERS,
            desks.again,
            answer=tickets.TicketsSent,
            summary="Send the tickets again.",
            looks="one",
        ),
        Route(
            "POST",
            "/counter/orders/search",
            "problem_care",
            COUNTER,
            desks.seek,
            body=tickets.FindOrders,
            answer=tickets.FoundOrders,
            summary="Find a customer's order.",
            looks="one",
        ),
        Route(
            "GET",
            "/counter/orders/{number:[A-Za-z0-9 -]{1,20}}/owner",
            "problem_care",
            LOOKING_UP,
            desks.find.owner,
            answer=FoundSubject,
            summary="The person behind an order number, for customer service.",
            looks="one",
        ),
        Route(
            "GET",
            "/door/keys",
            "door_admission",
            DOOR,
            desks.keys,
            answer=tickets.TicketKeys,
            summary="The public keys with which a scanner checks tickets.",
            looks="nobody",
        ),
    )


def _holders(desk: NameTicketHolders) -> tuple[Route, ...]:
    own, purpose = "/orders/{order}/holders", "order_guidance"
    wanted, told, summary = holders.NameHolders, holders.Holders, "Put names on tickets, or take them off."
    return (
        Route("GET", own, purpose, VISITOR, desk.show, answer=told, summary="Names on one's own tickets."),
        Route("PUT", own, purpose, VISITOR, desk.name, body=wanted, answer=told, summary=summary),
    )


def _invoices(desk: Invoices) -> tuple[Route, ...]:
    asked = "/orders/{order}/invoice"
    return (
        Route(
            "POST",
            asked,
            "invoicing",
            VISITOR,
            desk.issue,
            body=invoices.InvoiceParty,
            answer=invoices.Invoice,
            summary="Ask for an invoice, which is issued once.",
        ),
        Route(
            "GET",
            asked,
            "invoicing",
            VISITOR,
            desk.show,
            answer=invoices.Invoice,
            summary="The invoice of an order.",
        ),
    )
