"""Checkout, payment, codes, numbers and money: values in, decisions out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from chassis.decision import Accepted, Refused
from services.orders.domain.books import balanced
from services.orders.domain.checkout import PaymentTimes, kept_until, return_address
from services.orders.domain.disclosure import PURPOSES, Buyer, what_to_tell
from services.orders.domain.money import vat_within
from services.orders.domain.order_number import number_from, read_number
from services.orders.domain.payment import PaymentWish, Report, Settlement, settle, settle_all
from services.orders.domain.states import HOLD, ORDER, PAYMENT, TICKET, move
from services.orders.domain.ticket_code import LONGEST, Read, Signer, Verify, read_code, write_code

NOW = datetime(2026, 11, 21, 20, tzinfo=UTC)
TIMES = PaymentTimes(timedelta(minutes=15), timedelta(minutes=2), timedelta(hours=1))
KEY = Ed25519PrivateKey.generate()
SIGNER = Signer(b"ticket-1", KEY.sign)


def verifying(key_id: bytes, message: bytes, signature: bytes) -> bool:
    if key_id != SIGNER.key_id:
        return False
    try:
        KEY.public_key().verify(signature, message)
    except InvalidSignature:
        return False
    return True


VERIFY: Verify = verifying


@pytest.mark.parametrize(
    ("cents", "rate", "vat"), [(1210, 2100, 210), (2450, 600, 139), (0, 600, 0), (1, 600, 0)]
)
def test_vat_is_rounded_half_up_per_line(cents: int, rate: int, vat: int) -> None:
    assert vat_within(cents, rate) == vat


@given(st.integers(min_value=0, max_value=10**8), st.integers(min_value=0, max_value=10_000))
def test_vat_is_within_half_a_cent_of_the_exact_amount(cents: int, rate: int) -> None:
    exact = cents * rate / (10_000 + rate)
    assert abs(vat_within(cents, rate) - exact) <= 0.5000001


@given(st.uuids(version=4))
def test_a_number_can_be_read_out_and_typed_again(random: UUID) -> None:
    number = number_from(random)
    assert len(number) == 9
    assert read_number(number.lower().replace("0", "o").replace("-", " ")) == number


def test_what_is_no_number_is_none() -> None:
    assert read_number("AB12") is None
    assert read_number("AB12-CD3U") is None


@given(st.uuids(), st.uuids())
def test_a_code_says_what_was_signed(event: UUID, ticket: UUID) -> None:
    code = write_code(event, ticket, SIGNER)
    assert len(code) < LONGEST
    assert code == write_code(event, ticket, SIGNER)
    assert read_code(code, VERIFY) == Read(event, ticket)


@given(st.integers(min_value=0, max_value=104), st.integers(min_value=1, max_value=255))
def test_a_code_with_one_bit_turned_is_nobodys(place: int, flip: int) -> None:
    import base64

    raw = bytearray(base64.urlsafe_b64decode(write_code(UUID(int=1), UUID(int=2), SIGNER) + "=="))
    raw[place] ^= flip
    assert read_code(base64.urlsafe_b64encode(bytes(raw)).decode().rstrip("="), VERIFY) is None


@given(st.text(max_size=500))
def test_any_text_can_be_scanned(text: str) -> None:
    assert read_code(text, VERIFY) is None


def test_places_outlive_the_payment_and_no_series_of_tries_keeps_them_for_ever() -> None:
    assert kept_until(NOW, NOW, None, TIMES) == NOW + timedelta(minutes=17)
    ends = NOW + timedelta(minutes=12)
    assert kept_until(NOW, NOW, ends, TIMES) == ends + timedelta(minutes=2)
    late = NOW + timedelta(minutes=55)
    assert kept_until(NOW, late, None, TIMES) == NOW + timedelta(minutes=62)


@pytest.mark.parametrize(
    "wanted",
    [
        "https://localhost:8080/back/1",
        "http://localhost:8080.elsewhere.example/back",
        "http://localhost:8080@elsewhere.example/",
        "http://localhost:8080/back?email=noor@visitors.example",
        "http://localhost:8080/back#noor",
        "//elsewhere.example",
        "",
    ],
)
def test_buyers_come_back_to_this_house_and_carry_nothing(wanted: str) -> None:
    assert return_address(wanted, "http://localhost:8080/", uuid4()) is None


def test_a_return_address_may_name_the_order() -> None:
    order = uuid4()
    here = "http://localhost:8080"
    assert return_address(here + "/order/{order}", here, order) == f"{here}/order/{order}"
    assert return_address(here, here, order) == here


@pytest.mark.requirement("W-34")
def test_the_provider_is_asked_for_an_amount_and_told_nothing_of_the_person() -> None:
    order = uuid4()
    wish = PaymentWish(order, "AB12-CD34", 4905, "EUR", "http://h/back", "http://h/hook", "fr")
    assert wish.request() == {
        "amount": {"currency": "EUR", "value": "49.05"},
        "description": "AB12-CD34",
        "redirectUrl": "http://h/back",
        "webhookUrl": "http://h/hook",
        "locale": "fr_BE",
        "metadata": {"order": str(order)},
    }


@pytest.mark.parametrize(
    ("payment", "order", "hold", "reported", "follows"),
    [
        ("open", "placed", "ordered", "open", Settlement("open", "nothing")),
        ("open", "placed", "ordered", "paid", Settlement("paid", "issue")),
        ("paid", "paid", "sold", "paid", Settlement("paid", "nothing")),
        ("open", "placed", "expired", "paid", Settlement("paid", "give_back")),
        ("open", "expired", "expired", "paid", Settlement("paid", "give_back")),
        ("open", "paid", "sold", "paid", Settlement("paid", "give_back", "double")),
        ("open", "charged_back", "sold", "paid", Settlement("paid", "give_back", "double")),
        ("open", "placed", "ordered", "failed", Settlement("failed", "try_again")),
        ("open", "expired", "expired", "expired", Settlement("expired", "nothing")),
        ("refunded", "expired", "expired", "paid", Settlement("refunded", "nothing")),
    ],
)
def test_a_report_is_carried_out_once(
    payment: str, order: str, hold: str, reported: str, follows: Settlement
) -> None:
    assert settle(payment, order, hold, reported) == Accepted(follows)


def test_what_is_not_in_the_table_of_states_is_refused() -> None:
    assert settle("failed", "placed", "ordered", "paid") == Refused(
        "no-such-move", {"from": "failed", "to": "paid"}
    )
    assert move(ORDER, "expired", "paid") == Refused("no-such-move", {"from": "expired", "to": "paid"})
    assert move(ORDER, "paid", "paid") == Accepted(False)
    assert move(ORDER, "charged_back", "paid") == Accepted(True)
    assert move(TICKET, "left", "admitted") == Accepted(True)
    assert move(HOLD, "released", "ordered") == Refused("no-such-move", {"from": "released", "to": "ordered"})
    assert move(PAYMENT, "paid", "refunded") == Accepted(True)


@pytest.mark.requirement("G-51")
@given(st.sets(st.sampled_from(PURPOSES)), st.sets(st.sampled_from(PURPOSES)))
def test_nobody_is_told_more_than_agreement_and_person_allow(agreed: set[str], permitted: set[str]) -> None:
    name = "Noor" if "co_presentation_door_list" in permitted else None
    email = "noor@visitors.example" if "co_presentation_news" in permitted else None
    counted = "co_presentation_administration" in permitted
    told = what_to_tell(agreed, Buyer(name, email, ("A1",), counted))
    assert set(told.allowed) == agreed & permitted
    assert (told.name is not None) == ("co_presentation_door_list" in told.allowed)
    assert (told.email is not None) == ("co_presentation_news" in told.allowed)


@pytest.mark.requirement("W-07")
def test_books_balance_when_tickets_sales_and_money_agree() -> None:
    assert balanced(0, {})
    assert balanced(2450, {"sale": 2450, "payment": 4900, "refund": -2450})
    assert not balanced(2450, {"sale": 2450, "payment": 4900})
    assert not balanced(4900, {"sale": 2450, "payment": 2450})


def test_reports_of_one_batch_see_what_those_before_them_did() -> None:
    first, second, order = uuid4(), uuid4(), uuid4()
    reports = [Report(first, order, "paid"), Report(first, order, "paid"), Report(second, order, "paid")]
    standing = {first: "open", second: "open"}, {order: ("placed", "ordered")}
    verdicts = [one.value.verdict for one in settle_all(reports, *standing) if isinstance(one, Accepted)]
    assert verdicts == ["issue", "nothing", "give_back"]
