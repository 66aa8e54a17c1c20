"""What buyers are told of money that left again: once for each refund, in their language, and what now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from contracts.orders.events import OrderChargedBackV1, OrderReinstatedV1, RefundSentV1
from services.notify.letters import render
from tests.notify.conftest import EVENING, GUEST, ORDER, Notify, named, published
from tests.notify.test_letters import context

REFUND = UUID("00000000-0000-4000-8000-0000000000f1")
WORDS = ("refund_late", "refund_double", "refund_other_amount", "charged_back", "reinstated")


def facts(**more: Any) -> dict[str, Any]:
    known = {"subject": GUEST, "order": ORDER, "number": "KSGF-3YHX", "event": EVENING}
    return known | {"cents": 2450, "currency": "EUR"} | more


@pytest.mark.requirement("G-24")
async def test_whose_money_comes_back_hears_how_much_why_and_when(notify: Notify) -> None:
    sent = RefundSentV1(**facts(refund=REFUND, reason="late"))
    await notify.door.hear(named(), published(), sent, sent)
    await notify.send()
    (mail,) = notify.server.mails
    assert mail["Subject"] == "Votre paiement pour La tempête approche vous est rendu"
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert "24,50" in text
    assert "1 à 3 jours ouvrables" in text
    assert "KSGF-3YHX" in text


async def test_a_chargeback_and_its_end_are_told_each(notify: Notify) -> None:
    told = (OrderChargedBackV1(**facts()), OrderReinstatedV1(**facts()))
    await notify.door.hear(named(locale="nl"), published(), *told)
    await notify.send()
    assert sorted(str(mail["Subject"]) for mail in notify.server.mails) == [
        "Je betaling voor Storm op komst is teruggehaald",
        "Je tickets voor Storm op komst gelden weer",
    ]


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
@pytest.mark.parametrize("words", WORDS)
def test_both_parts_say_the_amount(words: str, language: str) -> None:
    letter = render("money", language, context(amount="€ 24,50"), words)
    for part in (letter.html, letter.text):
        assert "€ 24,50" in part
        assert "V26-7K2M" in part
