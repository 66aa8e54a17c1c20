"""What retention says: it orders forgetting and copies without knowing who a subject is."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.envelope import Event
from contracts.personal import Category, FreeText, Personal, SubjectId
from contracts.texts import Text


class ErasureOrderedV1(Event):
    """Erase this person (Art. 17). Ordered again until every receipt is in."""

    topic = "retention.erasure.ordered.v1"
    purposes = ("rights",)

    subject: SubjectId
    case: UUID
    as_of: datetime


class ErasureTellingV1(Event):
    """All other receipts are in: tell the person once more, then erase the address too."""

    topic = "retention.erasure.telling.v1"
    purposes = ("rights",)

    subject: SubjectId
    case: UUID
    as_of: datetime


class AnonymisationOrderedV1(Event):
    """No activity for the whole term (G-41): anonymise this person."""

    topic = "retention.anonymisation.ordered.v1"
    purposes = ("storage_limitation",)

    subject: SubjectId
    sweep: UUID
    as_of: datetime


class SweepOrderedV1(Event):
    """Carry out every term of your charter that has passed at `as_of` (W-20)."""

    topic = "retention.sweep.ordered.v1"
    purposes = ("storage_limitation",)

    sweep: UUID
    as_of: datetime


class CopyOrderedV1(Event):
    """Prepare your part of a copy of all data of a person (Art. 15(3))."""

    topic = "retention.copy.ordered.v1"
    purposes = ("rights",)

    subject: SubjectId
    request: UUID


class RestrictionEndingV1(Event):
    """A restriction will be lifted at that moment: the person is told before (Art. 18(3))."""

    topic = "retention.restriction.ending.v1"
    purposes = ("rights",)

    subject: SubjectId
    case: UUID
    lifts_at: datetime


class ObjectionDecidedV1(Event):
    """An objection was weighed (Art. 21(1)): it stands, or compelling grounds override it.

    `grounds` is a code of contracts/retention/api.py where the objection does not stand.
    """

    topic = "retention.objection.decided.v1"
    purposes = ("rights", "keeping_choices")

    subject: SubjectId
    case: UUID
    purpose: Annotated[str, Personal(Category.CHOICE)]
    organisation: UUID | None
    stands: bool
    grounds: Annotated[str, Personal(Category.CASE)] | None


class RestrictionSetV1(Event):
    """Processing of a person is restricted or free again (Art. 18)."""

    topic = "retention.restriction.set.v1"
    purposes = ("keeping_choices",)

    subject: SubjectId
    restricted: bool
    version: Annotated[int, Field(ge=1)]


class DecisionReviewedV1(Event):
    """A person looked at an automated decision again: places on top, or none, with reasons (Art. 22(3))."""

    topic = "retention.decision.reviewed.v1"
    purposes = ("rights",)

    subject: SubjectId
    case: UUID
    decision: UUID
    title: Text
    granted: Annotated[int, Field(ge=0, le=50), Personal(Category.PURCHASE)]
    reasons: FreeText
