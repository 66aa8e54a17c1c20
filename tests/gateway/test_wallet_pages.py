"""Wallets on the order page: Google only in a house that declared it, and with a word of what it gets."""

from __future__ import annotations

import pytest

from contracts.notify.api import WalletLink
from services.gateway.declarations import read_declarations
from services.gateway.rendering import Pages, Reader
from tests.gateway.plausible import ROOT, an_order, house, pages

GOOGLE = {"id": "google_wallet", "kind": "wallet_provider"}
SAVE = "https://pay.google.com/gp/v/save/abc"


def declared() -> Pages:
    """The pages of a house that declared Google, and offers nothing for Apple."""
    known = house()
    known["recipient"].append(GOOGLE)
    known["wallet"]["apple"] = False
    return Pages(known, read_declarations(ROOT))


@pytest.mark.requirement("F-72")
def test_google_stands_on_no_page_of_a_house_that_did_not_declare_it() -> None:
    page = pages().render("order", Reader("nl"), order=an_order())
    assert "/tickets.pkpass" in page
    assert "google" not in page.lower()
    other = declared().render("order", Reader("nl"), order=an_order())
    assert "/tickets.pkpass" not in other
    assert "/google-wallet" in other
    assert "pay.google.com" not in other


@pytest.mark.requirement("G-52")
@pytest.mark.parametrize(
    ("language", "warned"), [("nl", "wie je bent"), ("fr", "qui vous êtes"), ("en", "who you")]
)
def test_what_google_gets_is_said_before_the_visitor_chooses(language: str, warned: str) -> None:
    order = an_order()
    links = tuple(
        WalletLink(ticket=one.id, seat=seat, url=SAVE) for one in order.tickets for seat in ("C4", None)
    )
    page = declared().render("google_wallet", Reader(language), order=order, links=links)
    assert page.index(warned) < page.index(SAVE)
    assert page.count(f'href="{SAVE}" rel="noopener noreferrer"') == 2
    assert "C4" in page


def test_staff_send_and_take_nothing_from_the_page_of_somebody_else() -> None:
    page = declared().render("order", Reader("nl", role="box_office"), order=an_order())
    assert "/again" not in page
    assert "/google-wallet" not in page
