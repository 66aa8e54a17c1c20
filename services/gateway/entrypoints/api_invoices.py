"""The API of what is written on a paid order's papers: an invoice's party, and names on tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from chassis.routes import Answer, Call, Route
from contracts.actors import Role
from contracts.orders.holders import Holders, NameHolders
from contracts.orders.invoices import Invoice, InvoiceParty
from services.gateway.domain.session import Session
from services.gateway.entrypoints.passage import Outcome, in_session, told
from services.gateway.entrypoints.table import Table
from services.gateway.handlers.act_for_order import act_for_order
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.print_invoice import print_invoice
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined

VISITOR = frozenset({Role.VISITOR})


def _names(desk: Desk) -> Sequence[Route]:
    guide, own = Table(desk, "order_guidance", VISITOR), "/orders/{order}/holders"

    async def ask(method: str, call: Call, session: Session) -> Outcome:
        order = UUID(call.path["order"])
        acting = await act_for_order(desk, session, order)
        question = Question("orders", method, f"/orders/{order}/holders", acting, call.body)
        return told(await desk.neighbours.ask(replace(question, language=call.language), Holders))

    show, name = in_session(partial(ask, "GET")), in_session(partial(ask, "PUT"))
    change = "Put names on tickets, or take them off"
    return [
        guide.row(f"GET {own}", show, "Names on the tickets of an order", Holders),
        guide.row(f"PUT {own}", name, change, Holders, body=NameHolders),
    ]


def routes(desk: Desk) -> Sequence[Route]:
    """Routes about invoices and names."""
    invoices, asked = Table(desk, "invoicing", VISITOR), "/orders/{order}/invoice"

    async def ask(call: Call, session: Session) -> Outcome:
        order = UUID(call.path["order"])
        acting = await act_for_order(desk, session, order)
        wish = ("orders", "POST", f"/orders/{order}/invoice")
        question = Question(*wish, acting, call.body, language=call.language)
        return told(await desk.neighbours.ask(question, Invoice))

    async def paper(call: Call, session: Session) -> Outcome:
        got = await print_invoice(desk, session, UUID(call.path["order"]), call.language)
        return told(got) if isinstance(got, Declined) else Answer(got.content, 200, got.content_type)

    return [
        invoices.row(
            f"POST {asked}",
            in_session(ask),
            "Ask for an invoice of a paid order, which is issued once",
            Invoice,
            body=InvoiceParty,
        ),
        *_names(desk),
        invoices.row(f"GET {asked}.pdf", in_session(paper), "An invoice on paper"),
    ]
