"""Invoices: one per order, numbers without a gap, sums to the cent, and what an erasure leaves."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.charter import Charter
from chassis.decision import Accepted, Refused
from chassis.forgetting import carry_out_erasure, carry_out_sweep
from chassis.serve import Service
from chassis.testing import SetClock
from contracts.actors import SYSTEM, Actor, Role
from contracts.orders.invoices import InvoiceParty
from contracts.texts import Text
from services.orders.domain.invoicing import Sold, decide_invoice, decide_party, lines_of, rates_of
from services.orders.domain.money import vat_within
from services.orders.store import invoices
from services.orders.vat_numbers import read_vat_number
from tests.orders.conftest import ROOT
from tests.orders.laws import broken
from tests.orders.stage import Answered, Evening, Stage, connected, put_on, staff, visitor
from tests.orders.test_buying import bought, placed

PARTY = {
    "name": "Koor De Branding vzw",
    "street": "Duinweg 4",
    "postal_code": "8499",
    "town": "Duinkapelle",
    "country": "BE",
    "vat_number": "0403.019.261",
}
AT_ONCE = 20


async def invoice(stage: Stage, actor: Actor, order: Any, **changes: Any) -> Answered:
    return await stage.ask(actor, "POST", f"/orders/{order['id']}/invoice", PARTY | changes)


@pytest.mark.requirement("F-61")
@pytest.mark.requirement("W-07")
async def test_an_invoice_is_issued_once_and_equals_its_order_at_each_rate(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    await stage.look(
        "UPDATE price SET vat_basis_points = 2100, cents = 1333 WHERE price_id = $1", evening.standing_price
    )
    order = await bought(stage, evening, noor, "A1", "A2", standing=3)
    answers = await asyncio.gather(*(invoice(stage, noor, order) for _ in range(4)))
    assert [one.status for one in answers] == [200] * 4
    made = answers[0].body
    assert all(one.body == made for one in answers)
    assert (made["number"], made["party"]["vat_number"]) == ("2026-000001", "BE0403019261")
    assert (made["total_cents"], made["vat_cents"]) == (order["total_cents"], order["vat_cents"])
    assert [(one["vat_basis_points"], one["cents"], one["vat_cents"]) for one in made["rates"]] == [
        (600, 4900, 278),
        (2100, 3999, 693),
    ]
    assert [(one["quantity"], one["cents"]) for one in made["lines"]] == [(2, 4900), (3, 3999)]
    await stage.look("UPDATE price SET title = jsonb_build_object('nl', 'x', 'fr', 'x', 'en', 'x')")
    shown = await stage.ask(noor, "GET", f"/orders/{order['id']}/invoice")
    assert shown.body == made
    other = await invoice(stage, noor, order, name="Iemand anders nv")
    assert (other.status, other.slug) == (409, "invoiced-otherwise")
    async with connected(stage.dsn) as all_rows:
        assert await broken(all_rows) == []


@pytest.mark.requirement("F-61")
async def test_nothing_is_invoiced_that_is_unpaid_a_strangers_or_ill_numbered(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    waiting = await placed(stage, evening, noor, "A1")
    assert (await invoice(stage, noor, waiting)).slug == "invoice-unpaid"
    order = await bought(stage, evening, noor, "A2")
    wrong = await invoice(stage, noor, order, vat_number="BE 0403.019.262")
    assert (wrong.status, wrong.slug) == (422, "wrong-vat-number")
    assert (await invoice(stage, noor, order, street=" ")).status == 422
    assert (await invoice(stage, visitor(), order)).slug == "not-found"
    assert (await invoice(stage, staff(Role.BOX_OFFICE), order)).slug == "role-refused"
    asked = f"/orders/{order['id']}/invoice"
    assert (await stage.ask(noor, "GET", asked)).slug == "no-invoice"
    assert (await invoice(stage, noor, order)).body["number"] == "2026-000001"
    assert (await stage.ask(visitor(), "GET", asked)).slug == "not-found"


@pytest.mark.requirement("F-60")
async def test_twenty_at_once_get_numbers_without_a_gap_also_where_one_fails(
    stage: Stage, evening: Evening, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    buyers = [visitor() for _ in range(AT_ONCE + 1)]
    labels = list(evening.seats)
    orders = [await bought(stage, evening, one, labels[place]) for place, one in enumerate(buyers)]
    unlucky = UUID(orders[7]["id"])
    add_party = invoices._add_party

    async def breaks(sql: Any, of: Any, issued: Any) -> None:
        await add_party(sql, of, issued)
        if of.order == unlucky:
            raise ConnectionError

    monkeypatch.setattr(invoices, "_add_party", breaks)
    answers = await asyncio.gather(
        *(invoice(stage, who, order) for who, order in zip(buyers, orders, strict=True))
    )
    assert sorted(one.status for one in answers) == [*([200] * AT_ONCE), 500]
    numbers = sorted(one.body["number"] for one in answers if one.status == 200)
    assert numbers == [f"2026-{number:06d}" for number in range(1, AT_ONCE + 1)]
    monkeypatch.undo()
    assert (await invoice(stage, buyers[7], orders[7])).body["number"] == f"2026-{AT_ONCE + 1:06d}"
    # The house sells for every organisation, so that its numbers go on.
    matinee = await put_on(stage.dsn, clock.now(), slug="matinee")
    other = await bought(stage, matinee, buyers[0], "A1")
    assert (await invoice(stage, buyers[0], other)).body["number"] == f"2026-{AT_ONCE + 2:06d}"
    # An hour before midnight in UTC the year is a new one in the hall.
    late = await bought(stage, evening, buyers[0], labels[-1])
    clock.move(timedelta(days=40, hours=11, minutes=30))
    assert (await invoice(stage, buyers[0], late)).body["number"] == "2027-000001"
    async with connected(stage.dsn) as all_rows:
        assert await broken(all_rows) == []


@pytest.mark.requirement("F-60")
@pytest.mark.requirement("G-63")
async def test_an_erasure_leaves_the_party_to_the_books_which_let_go_after_ten_years(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    order = await bought(stage, evening, noor, "A1")
    await invoice(stage, noor, order)
    charter = Charter.read(ROOT / "services" / "orders" / "charter.toml")
    async with service.workplace("rights", SYSTEM) as tx:
        done = await carry_out_erasure(tx, charter, noor.id, uuid4())
    assert done.kept_for_the_books == {"invoice_party": 1}
    (kept,) = await stage.look("SELECT name, kept_from FROM invoice_party")
    assert tuple(kept) == (PARTY["name"], date(2027, 1, 1))
    assert (await stage.ask(noor, "GET", f"/orders/{order['id']}/invoice")).slug == "not-found"
    for years, left in ((3652 + 39, 1), (3652 + 42, 0)):
        async with service.workplace("storage_limitation", SYSTEM) as tx:
            await carry_out_sweep(tx, charter, clock.now() + timedelta(days=years))
        assert len(await stage.look("SELECT FROM invoice_party")) == left
    assert len(await stage.look("SELECT FROM invoice")) == 1


SOLD = st.builds(
    lambda kind, cents, rate: Sold(UUID(int=kind), Text(nl="a", fr="b", en="c"), cents, rate),
    st.integers(1, 3),
    st.integers(0, 20_000),
    st.sampled_from([0, 600, 1200, 2100]),
)


@given(st.lists(SOLD, max_size=30))
def test_sums_by_rate_are_the_sums_of_the_tickets(tickets: list[Sold]) -> None:
    lines = lines_of(tickets)
    rates = rates_of(lines)
    assert sum(one.quantity for one in lines) == len(tickets)
    assert sum(one.cents for one in rates) == sum(one.cents for one in tickets)
    assert sum(one.vat_cents for one in rates) == sum(
        vat_within(one.cents, one.vat_basis_points) for one in tickets
    )
    assert all(one.net_cents + one.vat_cents == one.cents for one in rates)


def test_a_vat_number_is_read_as_people_write_it() -> None:
    bare = InvoiceParty(**{**PARTY, "vat_number": None})
    assert decide_party(bare, read_vat_number) == Accepted(bare)
    for typed in ("BE0403019261", "be 0403 019 261", "0403.019.261"):
        read = decide_party(bare.model_copy(update={"vat_number": typed}), read_vat_number)
        assert isinstance(read, Accepted)
        assert read.value.vat_number == "BE0403019261"
    for typed in ("BE0403019262", "hello", "XX123456789"):
        assert decide_party(bare.model_copy(update={"vat_number": typed}), read_vat_number) == Refused(
            "wrong-vat-number"
        )


def test_what_cost_nothing_is_not_invoiced() -> None:
    party = InvoiceParty(**PARTY)
    assert decide_invoice("paid", 0, party, None) == Refused("nothing-to-invoice")
    assert decide_invoice("charged_back", 100, party, None) == Refused("invoice-unpaid")
    assert decide_invoice("charged_back", 100, party, party) == Accepted(False)
