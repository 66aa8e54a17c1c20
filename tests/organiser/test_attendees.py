"""What the receiver decides, message by message."""

import itertools
import json
from dataclasses import asdict
from typing import Any

import pytest

from examples.organiser.attendees import Held, Malformed, take

DOOR, NEWS, COUNTS = (f"co_presentation_{name}" for name in ("door_list", "news", "administration"))
EVENT = {"id": "e1", "title": "Winterreis", "starts_at": "2026-12-01T19:00:00Z"}


def message(type: str, minute: int, **data: object) -> dict[str, Any]:
    timestamp = f"2026-11-21T10:{minute:02d}:00Z"
    return {"id": "m", "type": f"attendee.{type}", "timestamp": timestamp, "data": {"attendee": "a1", **data}}


def registered(minute: int = 0, **more: object) -> dict[str, Any]:
    person = {"name": "Mira Devos", "email": "mira@example.org", "seats": ["B 4", "B 5"]}
    return message("registered", minute, **({"event": EVENT, "purposes": [DOOR, NEWS]} | person | more))


def after(*messages: dict[str, Any]) -> Held:
    held = Held()
    for one in messages:
        take(held, one)
    return held


def only(held: Held) -> dict[str, Any]:
    assert len(held.attendees) == 1
    return next(iter(held.attendees.values()))


def test_a_registration_is_kept_with_its_purposes() -> None:
    record = only(after(registered()))
    assert record["event"] == EVENT
    assert (record["name"], record["seats"], record["purposes"]) == (
        "Mira Devos",
        ["B 4", "B 5"],
        [DOOR, NEWS],
    )


@pytest.mark.requirement("W-33")
def test_a_field_that_no_allowed_purpose_needs_is_not_kept() -> None:
    record = only(after(registered(purposes=[COUNTS])))
    assert not {"name", "email", "seats"} & record.keys()


@pytest.mark.requirement("X-02")
def test_a_correction_replaces_the_field() -> None:
    assert only(after(registered(), message("corrected", 1, name="Mira De Vos")))["name"] == "Mira De Vos"


@pytest.mark.requirement("X-02")
def test_an_older_correction_undoes_nothing() -> None:
    newer, older = message("corrected", 5, name="Newest"), message("corrected", 3, name="Older")
    assert only(after(registered(), newer, older))["name"] == "Newest"


@pytest.mark.requirement("G-34")
def test_an_objection_drops_the_fields_that_only_it_needed() -> None:
    record = only(after(registered(), message("objected", 1, purposes=[NEWS])))
    assert "email" not in record
    assert (record["name"], record["purposes"]) == ("Mira Devos", [DOOR])


@pytest.mark.requirement("G-34")
def test_without_any_purpose_nothing_is_held() -> None:
    held = after(registered(), message("objected", 1, purposes=[NEWS, DOOR]))
    assert held.attendees == {}
    assert "Mira" not in json.dumps(asdict(held))


def test_a_purpose_allowed_again_later_is_allowed() -> None:
    record = only(after(registered(), message("objected", 1, purposes=[NEWS]), registered(2)))
    assert record["email"] == "mira@example.org"


@pytest.mark.requirement("X-02")
def test_the_order_of_messages_does_not_matter() -> None:
    story = [
        registered(0),
        message("corrected", 1, name="Mira De Vos"),
        message("objected", 2, purposes=[NEWS]),
        message("restricted", 3),
    ]
    outcomes = [after(*order).attendees for order in itertools.permutations(story)]
    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert only(Held(attendees=outcomes[0]))["name"] == "Mira De Vos"


@pytest.mark.requirement("X-01")
def test_erased_means_gone_and_late_messages_bring_nothing_back() -> None:
    story = [registered(0), message("corrected", 1, email="new@example.org"), message("erased", 2)]
    for order in itertools.permutations(story):
        held = after(*order)
        assert asdict(held) == {"attendees": {}, "notices": {}, "erased": ["a1"]}


def test_two_events_of_one_attendee_stand_side_by_side() -> None:
    held = after(registered(), registered(event=EVENT | {"id": "e2"}), message("corrected", 1, name="New"))
    assert [record["name"] for record in held.attendees.values()] == ["New", "New"]


def test_a_restriction_hides_and_ends() -> None:
    held = after(registered(), message("restricted", 1))
    assert only(held)["restricted"] is True
    take(held, message("restricted", 2, restricted=False))
    assert only(held)["restricted"] is False


def test_unknown_types_are_ignored() -> None:
    held = Held()
    assert take(held, {"type": "attendee.applauded", "data": 3}) is False
    assert held == Held()


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        {},
        {"type": 3},
        registered() | {"data": None},
        registered() | {"timestamp": "yesterday"},
        registered(event=None),
        registered(purposes="all"),
        registered(seats=[4]),
        registered(attendee=""),
        message("corrected", 1, name=7),
        message("objected", 1),
    ],
)
def test_a_malformed_message_is_refused(wrong: object) -> None:
    with pytest.raises(Malformed):
        take(Held(), wrong)
