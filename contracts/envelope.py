"""The letter and its envelope: events as frozen models, carried as CloudEvents 1.0 in structured mode."""

from datetime import datetime
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from contracts.personal import Category, personal_fields

TYPE_PREFIX = "avondkassa."
SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/cloudevents+json"


class Model(BaseModel):
    """What every body and event is made of: frozen, closed to unknown fields, silent about its input."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Event(Model):
    """Something that happened, in the past tense. The version is in the topic and in the class name."""

    topic: ClassVar[str]
    """Routing key: `<service>.<thing>.<happened>.v<n>`."""
    purposes: ClassVar[tuple[str, ...]]
    """The purposes that may receive this event (W-11); hearing it for another fails the build."""

    @property
    def type(self) -> str:
        """The CloudEvents type."""
        return TYPE_PREFIX + self.topic

    def subject_of(self) -> UUID | None:
        """The person this event is about, or None where it is about nobody."""
        value = getattr(self, "subject", None)
        return value if isinstance(value, UUID) and _is_about_a_person(type(self)) else None


@cache
def _is_about_a_person(event: type[Event]) -> bool:
    return personal_fields(event).get("subject") is Category.SUBJECT


class Envelope(Model):
    """CloudEvents 1.0 attributes and the event as `data`; extensions carry request id and trace context."""

    specversion: str = SPEC_VERSION
    id: UUID
    source: str
    type: str
    time: datetime
    datacontenttype: str = "application/json"
    requestid: str
    traceparent: str | None = None
    data: dict[str, Any]

    @property
    def topic(self) -> str:
        """The routing key that belongs to the type."""
        return self.type.removeprefix(TYPE_PREFIX)


def wrap(
    event: Event, *, id: UUID, service: str, time: datetime, requestid: str, traceparent: str | None
) -> Envelope:
    """Put an event into its envelope."""
    return Envelope(
        id=id,
        source=f"/{service}",
        type=event.type,
        time=time,
        requestid=requestid,
        traceparent=traceparent,
        data=event.model_dump(mode="json"),
    )
