"""The books on a page: what adds up, what waits, and what somebody has to do about it."""

from __future__ import annotations

import pytest

from contracts.orders.money import BookLine, Books
from services.gateway.rendering import Pages, Reader
from tests.gateway.plausible import pages

LINES = tuple(
    BookLine(kind=kind, count=count, cents=cents, vat_cents=vat)
    for kind, count, cents, vat in (
        ("chargeback", 1, -4900, 0),
        ("payment", 3, 12250, 0),
        ("refund", 1, -2450, 0),
        ("reversal", 1, 4900, 0),
        ("sale", 4, 9800, 556),
    )
)
QUIET = Books(
    lines=LINES,
    paid_orders=2,
    tickets=4,
    tickets_cents=9800,
    owed_cents=0,
    held_up=0,
    charged_back_orders=0,
    charged_back_cents=0,
    balanced=True,
)


@pytest.fixture(scope="module")
def shop() -> Pages:
    return pages()


def shown(shop: Pages, language: str = "en", **facts: object) -> str:
    books = QUIET.model_copy(update=facts)
    page = shop.render("books", Reader(language, "/books", "finance"), books=books)
    return page.replace("\u00a0", " ")


@pytest.mark.requirement("W-07")
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_books_that_add_up_say_so_and_nothing_asks_for_anybody(shop: Pages, language: str) -> None:
    page = shown(shop, language)
    assert page.count('class="notice notice-good"') == 1
    assert "notice-warn" not in page
    assert "notice-bad" not in page
    assert page.count("<tr>") == 1 + len(LINES)


@pytest.mark.requirement("W-07")
def test_what_waits_and_what_does_not_add_up_is_said_with_what_to_do(shop: Pages) -> None:
    page = shown(shop, balanced=False, held_up=2, owed_cents=4900)
    assert "The books do not add up." in page
    assert "notice-good" not in page
    assert "2 refunds wait." in page
    assert "Top it up" in page
    assert "€49.00" in page
    taken = shown(shop, charged_back_orders=1, charged_back_cents=4900)
    assert "A bank took €49.00 back for one order." in taken
    assert "One refund waits." in shown(shop, held_up=1)


@pytest.mark.requirement("F-60")
def test_vat_stands_beside_sales_alone(shop: Pages) -> None:
    page = shown(shop)
    assert page.count("€5.56") == 1
    assert "-€24.50" in page or "−€24.50" in page
