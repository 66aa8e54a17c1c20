"""The messages to recipients: exactly the fields of the purposes that are allowed at this moment."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.sharing.domain.purposes import DOOR_LIST, NEWS, AtTheDoor, Share


class Kind(StrEnum):
    """What a message tells; its type on the wire is `attendee.<kind>`."""

    REGISTERED = "registered"
    CORRECTED = "corrected"
    OBJECTED = "objected"
    ERASED = "erased"
    RESTRICTED = "restricted"

    @property
    def type(self) -> str:
        """The type on the wire."""
        return f"attendee.{self.value}"


@dataclass(frozen=True, slots=True)
class Show:
    """A co-presented event as the recipient reads of it."""

    id: UUID
    title: str
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """What is about to leave: its data, and the purposes it discloses something for (none for a recall)."""

    kind: Kind
    data: dict[str, Any]
    discloses: tuple[str, ...] = ()


def registered(
    share: Share, show: Show, purposes: Sequence[str], door: AtTheDoor | None, email: str | None
) -> Message:
    """Name and seats for the door list, e-mail for news, and nothing for settling but that someone comes."""
    data: dict[str, Any] = {
        "attendee": str(share.id),
        "event": {"id": str(show.id), "title": show.title, "starts_at": show.starts_at.isoformat()},
        "purposes": list(purposes),
        "seats": list(door.seats) if door and DOOR_LIST in purposes else [],
    }
    if door and door.name and DOOR_LIST in purposes:
        data["name"] = door.name
    if email and NEWS in purposes:
        data["email"] = email
    return Message(Kind.REGISTERED, data, tuple(purposes))


def corrected(
    share: Share, fields: Collection[str], purposes: Collection[str], name: str | None, email: str | None
) -> Message | None:
    """The corrected fields that the recipient may hold; None where that is none."""
    data = {"attendee": str(share.id)}
    if "name" in fields and name and DOOR_LIST in purposes:
        data["name"] = name
    if "email" in fields and email and NEWS in purposes:
        data["email"] = email
    told = tuple(p for p, field in ((DOOR_LIST, "name"), (NEWS, "email")) if field in data)
    return Message(Kind.CORRECTED, data, told) if told else None


def objected(attendee: UUID, purposes: Sequence[str]) -> Message:
    """The purposes that are no longer allowed (Art. 21)."""
    return Message(Kind.OBJECTED, {"attendee": str(attendee), "purposes": list(purposes)})


def restricted(attendee: UUID, restricted: bool) -> Message:
    """Keep and do not use, or use again: as it stands when the message leaves (Art. 18, 19)."""
    return Message(Kind.RESTRICTED, {"attendee": str(attendee), "restricted": restricted})


def erased(attendee: UUID, acknowledge_by: datetime) -> Message:
    """A recall: forget this attendee, and say so by then (Art. 17, 19)."""
    return Message(Kind.ERASED, {"attendee": str(attendee), "acknowledge_by": acknowledge_by.isoformat()})


def on_the_wire(id: UUID, message: Message, now: datetime) -> dict[str, Any]:
    """The whole body of a webhook; its timestamp is the moment for which its fields are true."""
    return {"id": str(id), "type": message.kind.type, "timestamp": now.isoformat(), "data": message.data}
