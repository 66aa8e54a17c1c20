"""What sharing says: which agreements are in force, what was disclosed, and what recipients acknowledged."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.envelope import Event
from contracts.personal import Category, Personal, SubjectId


class AgreementInForceV1(Event):
    """A co-presenter accepted the terms: these purposes may be served between these moments (W-30, G-51)."""

    topic = "sharing.agreement.in_force.v1"
    purposes = ("co_presentation_administration",)

    agreement: UUID
    version: Annotated[int, Field(ge=1)]
    organisation: UUID
    organisation_name: str
    allowed: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None


class DisclosureMadeV1(Event):
    """A recipient got data of a person, for a purpose (Art. 15(1)(c), 19)."""

    topic = "sharing.disclosure.made.v1"
    purposes = ("rights",)

    subject: SubjectId
    disclosure: UUID
    recipient: Annotated[UUID, Personal(Category.DISCLOSURE)]
    allowed: tuple[str, ...]


class RecallAcknowledgedV1(Event):
    """A recipient confirmed that it carried out an erasure (X-02)."""

    topic = "sharing.recall.acknowledged.v1"
    purposes = ("rights",)

    subject: SubjectId
    case: UUID
    recipient: Annotated[UUID, Personal(Category.DISCLOSURE)]


class RecallOverdueV1(Event):
    """A recipient did not answer in time; the case goes on and says so."""

    topic = "sharing.recall.overdue.v1"
    purposes = ("rights",)

    subject: SubjectId
    case: UUID
    recipient: Annotated[UUID, Personal(Category.DISCLOSURE)]
