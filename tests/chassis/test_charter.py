"""A charter that cannot be true fails with a sentence that names the place."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chassis.charter import Charter, CharterError
from chassis.charter_check import ColumnInDatabase, check_columns
from chassis.terms import Step, anonymisation_steps, erasure_steps, sweep_steps

TOY = Path(__file__).parent / "toy" / "services" / "orders" / "charter.toml"
Altered = Callable[[str, str], Charter]


@pytest.fixture
def altered(tmp_path: Path) -> Altered:
    """The toy's charter with one passage replaced."""

    def read(old: str, new: str) -> Charter:
        text = TOY.read_text()
        assert old in text
        path = tmp_path / "orders" / "charter.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace(old, new, 1))
        return Charter.read(path)

    return read


@pytest.mark.requirement("W-11")
@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("[purpose.ticket_sale]", "[purpose.curiosity]", "the purpose curiosity, which is not in contracts"),
        (
            '["visitor", "system_job"]',
            '["visitor", "king"]',
            "[purpose.ticket_sale.actors.0] Input should be",
        ),
        ('category = "email"', 'category = "aura"', "[table.guest.column.email.category] Input should be"),
        (
            'purposes = ["ticket_sale", "order_guidance"]',
            'purposes = ["profit"]',
            "[table.guest.column.email] names the purpose profit, which nobody knows",
        ),
        (
            "orders.buyer.named.v1",
            "orders.buyer.shamed.v1",
            "names the topic orders.buyer.shamed.v1, which no contract knows",
        ),
        ("orders.buyer.named.v1", "accounts.contact.set.v1", "which is another service's word"),
        (
            '"sharing.agreement.in_force.v1"',
            '"accounts.choice.set.v1"',
            "hears accounts.choice.set.v1, which is meant for keeping_choices only",
        ),
        ('keep = "reachable"', 'keep = "purchase"', "[keep.reachable] is used by no column"),
        ('keep = "reachable"', 'keep = "for_ever"', "names the keep rule for_ever, which is not there"),
        ('term = "P1Y"', 'term = "a year"', "[keep.reachable] has a term that is no ISO 8601 duration"),
        ('subject = "subject_id"\nfree = ["order_id"', 'free = ["order_id"', "without a subject column"),
        ("[purpose.ticket_sale.uses.stall]", "[purpose.ticket_sale.uses.barn]", "a table without an entry"),
        ('select = ["order_id", "subject_id", "name"]', 'select = ["*"]', 'asks for "*" of a table with'),
        ('select = ["invoice_id", "remark"]', "select = []", "changes rows that it cannot see"),
        ("[table.stall]", "[table.outbox]", "[table.outbox] belongs to chassis/charter.toml"),
        ("hot = true", "hott = true", "[purpose.ticket_sale.hott] Extra inputs are not permitted"),
        ("hot = true", "hot = = true", "orders/charter.toml: is not TOML"),
    ],
)
def test_a_word_that_cannot_be_true_is_named_with_its_place(
    altered: Altered, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(CharterError) as caught:
        altered(old, new)
    assert sentence in str(caught.value)
    assert str(caught.value).startswith("orders/charter.toml: ")


def catalogue_of_toy() -> dict[str, dict[str, ColumnInDatabase]]:
    """What the toy's migrations make, as the catalogue would say it."""
    charter = Charter.read(TOY)
    found: dict[str, dict[str, ColumnInDatabase]] = {"stall": {"stall_id": ColumnInDatabase("uuid", False)}}
    found["stall"]["left_over"] = ColumnInDatabase("int4", False)
    found |= {"sent": {}, "migration": {}, "access_seal": {}, "access_hash": {}}
    dates = {rule.since for rule in charter.keep.values()}
    for name, table in charter.tables_of_persons().items():
        assert table.subject is not None
        extra = (table.organisation,) if table.organisation else ()
        columns = (table.subject, *extra, *table.free_columns, *table.personal_columns)
        found[name] = {c: ColumnInDatabase("date" if c in dates else "text", True) for c in columns}
    return found


@pytest.mark.requirement("W-11")
def test_every_column_has_an_entry_and_every_entry_a_column() -> None:
    charter = Charter.read(TOY)
    check_columns(charter, catalogue_of_toy())
    catalogue = catalogue_of_toy()
    catalogue["guest"]["shoe_size"] = ColumnInDatabase("int4", True)
    with pytest.raises(CharterError, match=r"\[table\.guest\.column\.shoe_size\] is missing"):
        check_columns(charter, catalogue)
    catalogue = catalogue_of_toy()
    del catalogue["guest"]["email"]
    with pytest.raises(
        CharterError, match=r"\[table\.guest\.column\.email\] names a column that migrations do not create"
    ):
        check_columns(charter, catalogue)
    catalogue = catalogue_of_toy() | {"diary": {"page": ColumnInDatabase("text", True)}}
    with pytest.raises(CharterError, match=r"\[table\.diary\] is missing"):
        check_columns(charter, catalogue)


@pytest.mark.requirement("W-20")
def test_a_term_that_cannot_be_carried_out_is_named() -> None:
    charter = Charter.read(TOY)
    catalogue = catalogue_of_toy()
    catalogue["guest"]["phone"] = ColumnInDatabase("text", False)
    with pytest.raises(CharterError, match=r"\[table\.guest\] phone must be emptied one day and is NOT NULL"):
        check_columns(charter, catalogue)
    catalogue = catalogue_of_toy()
    catalogue["guest"]["placed_on"] = ColumnInDatabase("text", False)
    with pytest.raises(CharterError, match=r"\[keep\.purchase\] counts from placed_on, which is no date"):
        check_columns(charter, catalogue)


@pytest.mark.requirement("W-11")
def test_no_purpose_borrows_a_column_of_another(altered: Altered) -> None:
    charter = altered(
        'select = ["order_id", "subject_id", "email"]', 'select = ["subject_id", "email", "phone"]'
    )
    with pytest.raises(CharterError, match="takes the column phone, which is held for ticket_sale only"):
        check_columns(charter, catalogue_of_toy())


def test_plans_of_forgetting_follow_the_charter() -> None:
    charter = Charter.read(TOY)
    erasure = {step.table: step for step in erasure_steps(charter)}
    assert erasure["guest"] == Step("guest", "subject_id", "delete")
    assert erasure["attendance"] == Step("attendance", "subject_id", "empty", ("name", "subject_id"))
    assert erasure["invoice"] == Step("invoice", "subject_id", "keep", ("remark",))
    assert erasure["tombstone"].action == "keep"
    anonymisation = {step.table: step for step in anonymisation_steps(charter)}
    assert anonymisation["attendance"].columns == ("name", "subject_id")
    swept = [(step.table, step.action, step.columns, step.term) for step in sweep_steps(charter)]
    assert sorted(swept) == [
        ("guest", "delete", (), "P7Y"),
        ("guest", "empty", ("phone",), "P1Y"),
        ("invoice", "delete", (), "P10Y"),
        ("invoice", "empty", ("remark",), "P7Y"),
    ]
