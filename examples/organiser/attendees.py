"""What the receiver does with each message: pure decisions over what it holds.

Messages may come twice and in any order. Nothing is held for a purpose that was withdrawn, and an erased
attendee never comes back, however late an older message arrives.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

# A field stays only as long as one of these purposes is allowed for it.
NEEDED_FOR = {
    "name": {"co_presentation_door_list", "co_presentation_news"},
    "email": {"co_presentation_news"},
    "seats": {"co_presentation_door_list"},
}


@dataclass
class Held:
    """Everything the receiver holds. Times are ISO 8601 in UTC, so that they compare as text.

    attendees: by attendee and event, {"attendee", "event", "purposes", "restricted", "at", and the allowed of
    name, email, seats}.
    notices: by attendee, what outlives a late message: {"objected": {purpose: at}, "corrected": {field: [at,
    value]}, "restricted": [at, yes or no]}.
    erased: attendees that must not come back.
    """

    attendees: dict[str, dict[str, Any]] = field(default_factory=dict)
    notices: dict[str, dict[str, Any]] = field(default_factory=dict)
    erased: list[str] = field(default_factory=list)

    def notice(self, attendee: str) -> dict[str, Any]:
        """What was said about an attendee apart from registrations."""
        nothing: dict[str, Any] = {"objected": {}, "corrected": {}, "restricted": ["", False]}
        return self.notices.setdefault(attendee, nothing)


class Malformed(Exception):
    """The message is signed but not of the agreed shape."""


def register(held: Held, attendee: str, data: Mapping[str, Any], at: str) -> None:
    """Someone has seats at one of our events; only fields of the allowed purposes came along."""
    event, purposes = data.get("event"), data.get("purposes")
    if not isinstance(event, dict) or not isinstance(event.get("id"), str):
        raise Malformed("event is required")
    record: dict[str, Any] = {
        "attendee": attendee,
        "event": {name: event.get(name) for name in ("id", "title", "starts_at")},
        "purposes": _texts(purposes, "purposes"),
        "restricted": False,
        "at": at,
    }
    record |= {name: _text(data[name], name) for name in ("name", "email") if data.get(name)}
    if data.get("seats"):
        record["seats"] = _texts(data["seats"], "seats")
    key = f"{attendee} {event['id']}"
    if at >= held.attendees.get(key, record)["at"]:
        held.attendees[key] = record
    _apply_notices(held, attendee)


def correct(held: Held, attendee: str, data: Mapping[str, Any], at: str) -> None:
    """A field was corrected. Kept apart too, for a registration that is still under way."""
    corrected = held.notice(attendee)["corrected"]
    for name in ("name", "email"):
        if data.get(name) is not None and at >= corrected.get(name, [""])[0]:
            corrected[name] = [at, _text(data[name], name)]
    _apply_notices(held, attendee)


def object_to(held: Held, attendee: str, data: Mapping[str, Any], at: str) -> None:
    """Purposes are no longer allowed: the fields that only they needed go."""
    objected = held.notice(attendee)["objected"]
    for purpose in _texts(data.get("purposes"), "purposes"):
        objected[purpose] = max(at, objected.get(purpose, ""))
    _apply_notices(held, attendee)


def restrict(held: Held, attendee: str, data: Mapping[str, Any], at: str) -> None:
    """The data is kept but not used: pages and lists leave the fields out until the restriction ends."""
    notice = held.notice(attendee)
    if at >= notice["restricted"][0]:
        notice["restricted"] = [at, data.get("restricted", True) is not False]
    _apply_notices(held, attendee)


def erase(held: Held, attendee: str, _data: Mapping[str, Any], _at: str) -> None:
    """Everything about an attendee goes; the id stays, so that no late message brings anything back."""
    for key in [key for key, record in held.attendees.items() if record["attendee"] == attendee]:
        del held.attendees[key]
    held.notices.pop(attendee, None)
    if attendee not in held.erased:
        held.erased.append(attendee)


def _apply_notices(held: Held, attendee: str) -> None:
    notice = held.notice(attendee)
    for key, record in list(held.attendees.items()):
        if record["attendee"] == attendee:
            _bring_up_to_date(record, notice)
            if not record["purposes"]:
                del held.attendees[key]
    for name in list(notice["corrected"]):
        if NEEDED_FOR[name] <= notice["objected"].keys():
            del notice["corrected"][name]


def _bring_up_to_date(record: dict[str, Any], notice: Mapping[str, Any]) -> None:
    record["purposes"] = [p for p in record["purposes"] if notice["objected"].get(p, "") < record["at"]]
    record["restricted"] = notice["restricted"][1]
    for name, (at, value) in notice["corrected"].items():
        if name in record and at > record["at"]:
            record[name] = value
    for name, purposes in NEEDED_FOR.items():
        if not purposes & set(record["purposes"]):
            record.pop(name, None)


def _text(value: object, name: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= 320:
        raise Malformed(f"{name} must be text")
    return value


def _texts(value: object, name: str) -> list[str]:
    if not isinstance(value, list):
        raise Malformed(f"{name} must be a list of text")
    return [_text(item, name) for item in value]


def _moment(value: object) -> str:
    try:
        return datetime.fromisoformat(_text(value, "timestamp")).astimezone(UTC).isoformat()
    except ValueError as error:
        raise Malformed("timestamp must be a time") from error


@dataclass(frozen=True)
class Rule:
    """What to do for a type of message, and whether the sender waits for an acknowledgement."""

    carry_out: Callable[[Held, str, Mapping[str, Any], str], None]
    acknowledged: bool


RULES = {
    "attendee.registered": Rule(register, acknowledged=False),
    "attendee.corrected": Rule(correct, acknowledged=True),
    "attendee.objected": Rule(object_to, acknowledged=True),
    "attendee.erased": Rule(erase, acknowledged=True),
    "attendee.restricted": Rule(restrict, acknowledged=True),
}


def take(held: Held, message: object) -> bool:
    """Carries out a message; whether its answer is an acknowledgement. Malformed where it cannot be read.

    Unknown types are ignored, so that the house may add some without asking every receiver first.
    """
    if not isinstance(message, dict):
        raise Malformed("the message must be an object")
    rule = RULES.get(_text(message.get("type"), "type"))
    if rule is None:
        return False
    data = message.get("data")
    if not isinstance(data, dict):
        raise Malformed("data is required")
    attendee, at = _text(data.get("attendee"), "attendee"), _moment(message.get("timestamp"))
    if attendee not in held.erased:
        rule.carry_out(held, attendee, data, at)
    return rule.acknowledged


def shown(record: Mapping[str, Any]) -> dict[str, Any]:
    """An attendee as pages and lists may use it: without its fields while it is restricted."""
    hidden = set(NEEDED_FOR) if record["restricted"] else set()
    return {name: value for name, value in record.items() if name not in hidden}
