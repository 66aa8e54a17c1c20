"""Plausible values to draw pages with."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from contracts.orders.api import (
    EventDetail,
    EventSummary,
    Hold,
    HoldLine,
    Order,
    Partner,
    Price,
    Seat,
    Ticket,
)
from contracts.texts import Text
from services.gateway.declarations import read_declarations
from services.gateway.rendering import Pages

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
REFUNDS = Text(nl="Ruilen kan.", fr="Échange possible.", en="Exchanges are fine.")
PARTNER = Partner(organisation=UUID(int=7), name="Tij & Taal", asks_for_news=True)


def house() -> dict[str, Any]:
    """The tables of deploy/house.toml."""
    return tomllib.loads((ROOT / "deploy" / "house.toml").read_text(encoding="utf-8"))


def pages() -> Pages:
    """The pages of that house with the charters of this repository."""
    return Pages(house(), read_declarations(ROOT))


def an_event(number: int = 1, **facts: Any) -> EventSummary:
    """An event at eight in the evening of 28 November 2026 in Brussels."""
    starts = datetime(2026, 11, 28, 19, 0, tzinfo=UTC)
    known = {
        "id": UUID(int=number),
        "version": 1,
        "slug": f"voorstelling-{number}",
        "title": Text(nl="Zout <en> zand", fr="Sel et sable", en="Salt and sand"),
        "blurb": Text(nl="Theater aan zee.", fr="Théâtre à la mer.", en="Theatre by the sea."),
        "hall": "Grote Zaal",
        "on_sale_from": starts - timedelta(days=90),
        "doors_at": starts - timedelta(minutes=45),
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=2),
        "state": "on_sale",
        "from_cents": 1200,
        "partners": (PARTNER,),
    }
    return EventSummary.model_validate(known | facts)


def a_price(number: int, place: str, cents: int) -> Price:
    """A price type."""
    title = Text(nl=f"Tarief {number}", fr=f"Tarif {number}", en=f"Price {number}")
    return Price.model_validate(
        {
            "id": UUID(int=100 + number),
            "title": title,
            "place": place,
            "cents": cents,
            "vat_basis_points": 600,
        }
    )


def seats() -> tuple[Seat, ...]:
    """Two rows of four with an aisle in the middle; B3 is taken."""
    return tuple(
        Seat(
            id=UUID(int=1000 + 10 * depth + number),
            label=f"{row}{number}",
            row=row,
            number=number,
            x=number + (number > 2),
            y=depth,
            free=(row, number) != ("B", 3),
        )
        for depth, row in enumerate("AB")
        for number in range(1, 5)
    )


def a_detail(**facts: Any) -> EventDetail:
    """An event with seats and standing places."""
    known: dict[str, Any] = {
        "event": an_event(),
        "prices": (a_price(1, "seat", 1800), a_price(2, "seat", 1200), a_price(3, "standing", 1000)),
        "seats": seats(),
        "standing_free": 12,
        "hold_seconds": 600,
        "largest_order": 8,
        "refund_policy": REFUNDS,
    }
    return EventDetail.model_validate(known | facts)


def a_hold(state: str = "held") -> Hold:
    """A seat and a standing place, held for another nine minutes."""
    return Hold.model_validate(
        {
            "id": UUID(int=50),
            "event": an_event(),
            "lines": (
                HoldLine(seat="A1", price=a_price(1, "seat", 1800).title, cents=1800),
                HoldLine(seat=None, price=a_price(3, "standing", 1000).title, cents=1000),
            ),
            "total_cents": 2800,
            "currency": "EUR",
            "expires_at": NOW + timedelta(minutes=9),
            "state": state,
            "may_extend": state == "held",
            "refund_policy": REFUNDS,
        }
    )


def an_order(**facts: Any) -> Order:
    """A paid order with one ticket."""
    price = a_price(1, "seat", 1800)
    ticket = Ticket(
        id=UUID(int=61),
        code="AVK1.code-for-the-door",
        seat="A1",
        price=price.title,
        cents=1800,
        state="issued",
    )
    known: dict[str, Any] = {
        "id": UUID(int=60),
        "number": "V26-7K2M",
        "event": an_event(),
        "state": "paid",
        "payment": "paid",
        "lines": (HoldLine(seat="A1", price=price.title, cents=1800),),
        "tickets": (ticket,),
        "total_cents": 1800,
        "vat_cents": 102,
        "currency": "EUR",
        "checkout_url": None,
        "places_kept_until": None,
        "placed_at": NOW,
    }
    return Order.model_validate(known | facts)
