"""Data that no basis covers, and rules that nothing reaches, fail with their place (W-11)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import pytest

from chassis.charter import Charter, CharterError, all_charters
from chassis.charter_cover import event_faults
from contracts.catalogue import events
from contracts.envelope import Event
from contracts.personal import Email, SubjectId

ROOT = Path(__file__).parents[2]
TOY = ROOT / "tests" / "chassis" / "toy" / "services" / "orders" / "charter.toml"
SHARING = ROOT / "services" / "sharing" / "charter.toml"
Altered = Callable[[Path, str, str], Charter]


@pytest.fixture
def altered(tmp_path: Path) -> Altered:
    """A charter with one passage replaced."""

    def read(charter: Path, old: str, new: str) -> Charter:
        text = charter.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / charter.parent.name / "charter.toml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return Charter.read(path)

    return read


GUEST_EMAIL = 'category = "email"\npurposes = ["ticket_sale", "order_guidance"]'


@pytest.mark.requirement("W-11")
@pytest.mark.parametrize(
    ("charter", "old", "new", "sentence"),
    [
        (
            TOY,
            'category = "phone"',
            'category = "birth_date"',
            "[table.guest.column.phone] is held for ticket_sale, whose basis does not cover birth_date",
        ),
        (
            TOY,
            GUEST_EMAIL,
            'category = "email"\npurposes = ["ticket_sale", "order_guidance", "newsletter"]',
            "[table.guest.column.email] is held for newsletter, which nobody acts for in this service",
        ),
        (
            TOY,
            GUEST_EMAIL,
            'category = "email"\npurposes = ["ticket_sale", "order_guidance", "problem_care"]',
            "[table.guest.column.email] is held for problem_care, which does not use it",
        ),
        (TOY, 'actors = ["box_office"]', "actors = []", "[purpose.problem_care] has no actors"),
        (
            TOY,
            "hot = true",
            'hot = true\nsees_choices_of = ["door_admission"]',
            "[purpose.ticket_sale] sees choices of door_admission, about which nobody can choose",
        ),
        (
            TOY,
            "[table.stall]\nfree = true",
            '[table.stall]\nfree = true\ntells = ["purchase"]\nthrough = "barn"',
            "[table.stall] tells of a person, and names no table of persons",
        ),
        (
            SHARING,
            'hears = ["orders.event.published.v1"]',
            'hears = ["orders.attendee.registered.v1"]',
            "whose name is name, which co_presentation_administration may not take",
        ),
        (
            SHARING,
            'hears_for = ["co_presentation_door_list", "co_presentation_administration"',
            'hears_for = ["gossip", "co_presentation_administration"',
            "[purpose.operation] hears for gossip, which is not in",
        ),
        (
            SHARING,
            'serves = ["rights"]\n',
            "",
            "[table.recall] keeps a subject and does not say which purposes that serves",
        ),
        (
            SHARING,
            'update = ["email", "email_version"]\nchannel = "email"\n',
            'update = ["email", "email_version"]\n',
            "uses.attendee_news] sees people who can refuse and names no channel",
        ),
        (
            TOY,
            "[purpose.order_guidance.uses.guest]\n",
            '[purpose.order_guidance.uses.guest]\nchannel = "email"\n',
            "[purpose.order_guidance.uses.guest] names a channel, and nobody can choose about order_guidance",
        ),
        (
            TOY,
            "hot = true",
            'hot = true\nwhile_restricted = "stored"',
            "[purpose.ticket_sale.uses.guest] only stores whoever restricted processing, and looks at name",
        ),
        (
            TOY,
            "[purpose.bookkeeping]\n",
            '[purpose.bookkeeping]\nwhile_restricted = "own_request"\n',
            "[purpose.bookkeeping] says while_restricted, and goes on anyhow",
        ),
    ],
)
def test_a_charter_that_takes_too_much_or_reaches_nothing_is_named(
    altered: Altered, charter: Path, old: str, new: str, sentence: str
) -> None:
    with pytest.raises(CharterError) as caught:
        altered(charter, old, new)
    assert sentence in str(caught.value)


def test_a_listener_that_the_house_may_not_act_for_is_named(altered: Altered) -> None:
    old = 'actors = ["organiser", "system_job"]\nbulk = ["organiser"]\norganisation = true\nhears'
    with pytest.raises(CharterError, match="hears events, and system_job, who listens, may not act for it"):
        altered(TOY, old, 'actors = ["organiser"]\norganisation = true\nhears')


@pytest.mark.requirement("W-11")
def test_every_field_of_every_event_is_covered_by_a_purpose_of_that_event() -> None:
    assert list(event_faults(events())) == []


@pytest.mark.requirement("W-11")
def test_an_event_with_a_field_too_many_or_a_purpose_unknown_is_named() -> None:
    class Sold(Event):
        topic: ClassVar[str] = "orders.figures.sold.v1"
        purposes: ClassVar[tuple[str, ...]] = ("organiser_figures", "gossip")

        subject: SubjectId
        email: Email

    assert list(event_faults({Sold.topic: Sold})) == [
        "orders.figures.sold.v1 is meant for gossip, which is not in contracts/purposes.toml",
        "orders.figures.sold.v1 carries email in email, which organiser_figures may not take",
    ]


@pytest.mark.requirement("G-13")
def test_what_stands_beside_a_person_is_said_to_be_about_them() -> None:
    orders = all_charters(ROOT)["orders"]
    telling = {name for name, table in orders.table.items() if table.through == "order_person"}
    money = {"payment", "refund", "chargeback", "book_entry", "invoice"}
    assert telling == {"hold_line", "placed_order", "ticket", "ticket_mailing", "admission", *money}
