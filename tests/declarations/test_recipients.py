"""The list of recipients is closed, and says exactly what each gets (G-50, W-31, W-33, W-34)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from chassis.charter_words import DeclarationError
from chassis.recipients import Recipient, read_recipients, recipient_kinds
from services.orders.domain.payment import PaymentWish


@pytest.mark.requirement("W-34")
def test_mollie_gets_the_listed_fields_and_no_other(recipients: tuple[Recipient, ...]) -> None:
    ways = ("https://a.example", "https://b.example")
    wish = PaymentWish(UUID(int=1), "V26-1", 1200, "EUR", *ways, "nl", "ideal")
    mollie = next(one for one in recipients if one.id == "mollie")
    assert set(wish.request()) == set(mollie.fields)
    assert wish.request()["metadata"] == {"order": str(UUID(int=1))}


@pytest.mark.requirement("W-31")
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"kind": "data_broker"}, "is a data_broker, which the closed list"),
        ({"receives": ["purchase", "email"]}, "receives email, which a payment_provider may not"),
        ({"purposes": ["gossip"]}, "serves gossip, which is not in contracts/purposes.toml"),
        ({"kind": "co_presenter"}, "is a co_presenter: those follow from agreements in force"),
        ({"receives": ["aura"]}, "[receives.0"),
        ({"gets": {"nl": "alles"}}, "[gets.fr] Field required"),
    ],
)
def test_a_recipient_that_goes_too_far_is_named(
    facts: dict[str, Any], change: dict[str, Any], sentence: str
) -> None:
    mollie = {**facts["recipient"][0], **change}
    with pytest.raises(DeclarationError) as caught:
        read_recipients({"recipient": [mollie]})
    assert str(caught.value).startswith("deploy/house.toml: [recipient mollie]")
    assert sentence in str(caught.value)


@pytest.mark.requirement("G-51")
def test_a_co_presenter_gets_no_more_than_the_three_purposes_need() -> None:
    assert {str(one) for one in recipient_kinds()["co_presenter"].may_receive} == {
        "name",
        "seat",
        "purchase",
        "email",
        "choice",
    }
