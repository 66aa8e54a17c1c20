"""What the forms of the shop, the counter and the privacy page mean, whatever was typed into them."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from contracts.orders.api import HoldRequest
from services.gateway.domain.session import guest, hashed
from services.gateway.entrypoints.bodies import GuestCheckout
from services.gateway.entrypoints.pages.basket import checkout_of, form_of
from services.gateway.entrypoints.pages.counter import cents_of
from services.gateway.entrypoints.pages.places import MOST, read_places
from services.gateway.handlers.hold_places import Wanted

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
EVENT, PRICE, SEAT, HOUSE = (UUID(int=number) for number in (1, 2, 3, 4))


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("20", 2000),
        ("20,00", 2000),
        ("20.5", 2050),
        ("20,05", 2005),
        (" 7 ", 700),
        ("0", 0),
        ("", None),
        ("-5", None),
        ("20,005", None),
        ("1e3", None),
        ("20 euro", None),
        ("٢٠", None),
        ("9" * 30, None),
        ("20,", None),
        (",50", None),
    ],
)
@pytest.mark.requirement("F-27")
def test_cash_is_read_as_clerks_type_it(typed: str, cents: int | None) -> None:
    assert cents_of(typed) == cents


@given(st.text())
def test_cash_that_is_no_amount_is_none(typed: str) -> None:
    cents = cents_of(typed)
    assert cents is None or 0 <= cents < 100_000_000


def test_places_are_read_from_the_form_as_it_was_sent() -> None:
    fields = [("seat", str(SEAT)), ("seat_price", str(PRICE)), (f"standing.{PRICE}", "2"), ("other", "x")]
    chosen = read_places(fields)
    assert chosen.seats == (str(SEAT),)
    assert chosen.standing == {str(PRICE): 2}
    wanted = chosen.hold_of(EVENT)
    assert (wanted.event, wanted.seats, wanted.seat_price) == (EVENT, (SEAT,), PRICE)
    assert [(one.price, one.quantity) for one in wanted.standing] == [(PRICE, 2)]


@pytest.mark.requirement("F-02")
def test_what_the_house_is_to_choose_leaves_out_what_was_picked_and_the_other_way_round() -> None:
    both = [("seat", str(SEAT)), ("seat_price", str(PRICE)), (f"best.{PRICE}", "3"), ("zone", "balkon")]
    best = read_places([*both, ("how", "best")]).hold_of(EVENT)
    assert best.best is not None
    assert [(one.price, one.quantity) for one in best.best.seats] == [(PRICE, 3)]
    assert (best.best.zone, best.seats, best.seat_price) == ("balkon", (), None)
    picked = read_places([*both, ("how", "self")]).hold_of(EVENT)
    assert (picked.seats, picked.best) == ((SEAT,), None)
    assert read_places([("how", "best"), (f"best.{PRICE}", "0")]).hold_of(EVENT).best is None


def test_a_price_without_seats_chooses_nothing() -> None:
    wanted = read_places([("seat_price", str(PRICE))]).hold_of(EVENT)
    assert (wanted.seats, wanted.seat_price, wanted.standing) == ((), None, ())


@pytest.mark.parametrize(
    ("typed", "quantity"),
    [
        ("1", 1),
        (" 3 ", 3),
        ("50", 50),
        ("51", 50),
        ("9" * 400, 50),
        ("0", 0),
        ("-1", 0),
        ("1.5", 0),
        ("1e3", 0),
        ("", 0),
        ("²", 0),
        ("٣", 0),
    ],
)
def test_quantities_are_whole_numbers_that_can_be_refused_in_words(typed: str, quantity: int) -> None:
    assert read_places([(f"standing.{PRICE}", typed)]).standing == {str(PRICE): quantity}


def test_nonsense_is_no_seat_and_no_price() -> None:
    fields = [("seat", "front row"), ("seat", str(SEAT)), ("seat_price", "cheap"), ("standing.cheap", "2")]
    wanted = read_places(fields).hold_of(EVENT)
    assert (wanted.seats, wanted.seat_price, wanted.standing) == ((SEAT,), None, ())


def test_more_than_any_order_is_an_error_that_the_page_explains() -> None:
    chosen = read_places([("seat", str(uuid4())) for _ in range(MOST + 10)])
    assert len(chosen.seats) == MOST + 1
    with pytest.raises(ValidationError):
        chosen.hold_of(EVENT)
    with pytest.raises(ValidationError):
        read_places([(f"standing.{uuid4()}", "1") for _ in range(11)]).hold_of(EVENT)
    with pytest.raises(ValidationError):
        read_places([]).sale_of(EVENT, "gold")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["seat", "seat_price", f"standing.{PRICE}", f"best.{PRICE}", "how"]), st.text()
        )
    )
)
def test_no_form_of_places_breaks_the_page(fields: list[tuple[str, str]]) -> None:
    chosen = read_places(fields)
    assert all(0 <= quantity <= MOST for quantity in chosen.standing.values())
    assert chosen.hold_of(EVENT).event == EVENT


def test_the_same_click_of_the_same_visitor_is_the_same_request() -> None:
    places, other = HoldRequest(event=EVENT, seats=(SEAT,)), HoldRequest(event=EVENT)
    one, two = guest(hashed("one"), uuid4(), NOW), guest(hashed("two"), uuid4(), NOW)
    key = Wanted.clicked(places, one, "nl").key
    assert Wanted.clicked(places, one, "fr").key == key
    assert len({key, Wanted.clicked(places, two, "nl").key, Wanted.clicked(other, one, "nl").key}) == 3


@pytest.mark.requirement("G-15")
def test_a_checkout_takes_what_the_form_asks_and_leaves_the_phone_free() -> None:
    fields = [
        ("name", " Maud "),
        ("email", " maud@example.org "),
        ("language", "fr"),
        (f"choice.{HOUSE}", "yes"),
    ]
    guest_checkout = checkout_of(EVENT, fields)
    assert (guest_checkout.name, guest_checkout.email, guest_checkout.phone) == (
        "Maud",
        "maud@example.org",
        None,
    )
    assert [(one.organisation, one.given) for one in guest_checkout.choices] == [(HOUSE, True)]
    assert form_of(fields)["choices"] == (str(HOUSE),)


@pytest.mark.parametrize("value", ["", "no", "on", "YES"])
@pytest.mark.requirement("G-34")
def test_what_was_not_ticked_is_not_chosen(value: str) -> None:
    fields = [("name", "Maud"), ("email", "maud@example.org"), ("language", "nl"), (f"choice.{HOUSE}", value)]
    assert checkout_of(EVENT, fields).choices == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "a\r\nBcc: x@y.example"},
        {"name": "a\tb"},
        {"email": "maud"},
        {"phone": "call me"},
        {"locale": "xx"},
    ],
)
@pytest.mark.requirement("W-33")
def test_a_wrong_field_is_told_without_its_value(wrong: dict[str, str]) -> None:
    good = {
        "hold": EVENT,
        "name": "Maud",
        "email": "maud@example.org",
        "phone": "+32 470 00 00 00",
        "locale": "nl",
    }
    assert GuestCheckout.model_validate(good)
    with pytest.raises(ValidationError) as told:
        GuestCheckout.model_validate(good | wrong)
    assert [error["loc"] for error in told.value.errors()] == [tuple(wrong)]
    assert not [value for value in wrong.values() if value and value in str(told.value)]


def test_the_way_back_from_paying_names_the_hold_and_nobody() -> None:
    typed = GuestCheckout(hold=EVENT, name="Maud", email="maud@example.org", locale="nl")
    assert typed.for_orders("https://house.example").return_url == f"https://house.example/back/{EVENT}"
