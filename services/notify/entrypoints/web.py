"""The door for requests."""

from __future__ import annotations

from chassis.routes import Route
from chassis.work import Workplace
from contracts.actors import Role
from contracts.notify.api import Messages, WalletLinks
from contracts.orders.invoices import Invoice
from services.notify.compose import Composer
from services.notify.handlers import (
    print_invoice,
    show_messages,
    show_passes,
    show_tickets,
    show_wallet_links,
)
from services.notify.handlers.print_invoice import PrintInvoice
from services.notify.handlers.show_messages import ShowMessages
from services.notify.handlers.show_passes import ShowPasses
from services.notify.handlers.show_tickets import ShowTickets
from services.notify.handlers.show_wallet_links import ShowWalletLinks


def routes(work: Workplace, composer: Composer) -> tuple[Route, ...]:
    """What notify answers."""
    return (
        Route(
            "GET",
            "/orders/{order}/tickets.pdf",
            show_tickets.PURPOSE,
            frozenset({Role.VISITOR, Role.BOX_OFFICE}),
            ShowTickets(work, composer),
            summary="Tickets of an order as PDF",
            looks="one",
        ),
        Route(
            "GET",
            "/my/messages",
            show_messages.PURPOSE,
            frozenset({Role.VISITOR}),
            ShowMessages(work),
            answer=Messages,
            summary="Messages that the house sent to the person who asks",
        ),
    )


def wallet_routes(passes: ShowPasses, links: ShowWalletLinks) -> tuple[Route, ...]:
    """Tickets for the wallets that this house offers."""
    return (
        Route(
            "GET",
            "/orders/{order}/tickets.pkpass",
            show_passes.PURPOSE,
            frozenset({Role.VISITOR}),
            passes,
            summary="Tickets of an order for Apple Wallet",
        ),
        Route(
            "GET",
            "/orders/{order}/google-wallet",
            show_wallet_links.PURPOSE,
            frozenset({Role.VISITOR}),
            links,
            answer=WalletLinks,
            summary="Links that save tickets to Google Wallet",
        ),
    )


def paper_route(desk: PrintInvoice) -> Route:
    """Paper that is made of what comes with the question."""
    return Route(
        "POST",
        "/papers/invoice",
        print_invoice.PURPOSE,
        frozenset({Role.VISITOR}),
        desk,
        body=Invoice,
        summary="An invoice as PDF",
    )
