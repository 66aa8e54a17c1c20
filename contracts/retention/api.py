"""Bodies and answers of retention over HTTP. It knows subjects by id only.

Routes (purpose, roles):
    POST /cases                 rights, visitor (own)|privacy_officer <- OpenCase -> Case (201)
    GET  /cases/{case}          rights, visitor (own)|privacy_officer -> Case
    GET  /cases                 rights, privacy_officer -> Cases; visitor: own
    POST /cases/{case}/lift     rights, visitor (own)|privacy_officer -> Case
    POST /cases/{case}/decision rights, privacy_officer <- Decision -> Case
    POST /cases/{case}/review   rights, privacy_officer <- Review -> Case
    GET  /decisions             rights, privacy_officer -> DecisionFigures
    POST /sweeps                storage_limitation, privacy_officer <- OrderSweep -> Sweep (201)
    GET  /sweeps                storage_limitation, privacy_officer -> Sweeps
    GET  /sweeps/{sweep}        storage_limitation, privacy_officer -> Sweep
"""

from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from contracts.envelope import Model
from contracts.personal import Category, FreeText, Personal, SubjectId
from contracts.texts import Text

Right = Literal["copy", "erasure", "restriction"]
CaseKind = Literal[Right, "objection", "contest"]
Grounds = Literal["legal_claims", "safety_of_others", "settling_with_partner"]
CaseState = Literal["ordered", "telling", "asked", "closed"]
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


class OpenCase(Model):
    """A person invokes a right; an officer names the subject, a visitor is the subject."""

    kind: Right
    subject: SubjectId | None = None
    understood: bool = False  # erasure: told that lost tickets can no longer be sent (G-63)


class Receipt(Model):
    """A service's answer: rows per table, and rows that stay under legal duty only."""

    service: str
    received_at: datetime
    counts: dict[str, int]
    kept_for_the_books: dict[str, int]


class RecipientAnswer(Model):
    """Whether a recipient outside confirmed the recall."""

    recipient: UUID
    state: Literal["waiting", "acknowledged", "overdue"]


class Review(Model):
    """What a person decides about an automated decision: places on top, or none, and why."""

    granted: Annotated[int, Field(ge=0, le=50), Personal(Category.PURCHASE)] = 0
    reasons: FreeText


class Contest(Model):
    """An automated decision that somebody contests (Art. 22): what was decided, their view, the answer.

    The numbers are None until the register of decisions has heard of them.
    """

    decision: UUID
    view: FreeText
    event: Annotated[UUID, Personal(Category.PURCHASE)] | None
    title: Text | None
    rule: Literal["event", "production"] | None
    most: int | None
    counted: Annotated[int, Personal(Category.PURCHASE)] | None
    asked: Annotated[int, Personal(Category.PURCHASE)] | None
    decided_at: datetime | None
    review: Review | None


class Case(Model):
    """A case with its two clocks: the promised four weeks and the law's month (W-47, Art. 12(3)).

    Of a restriction: whether it stands, and when it will be lifted. Of an objection: to what, and on which
    grounds it does not stand.
    """

    id: UUID
    kind: Annotated[CaseKind, Personal(Category.CASE)]
    state: Annotated[CaseState, Personal(Category.CASE)]
    subject: SubjectId
    opened_at: datetime
    promised_by: datetime
    due_by: datetime
    closed_at: datetime | None
    waiting_for: tuple[str, ...]
    receipts: tuple[Receipt, ...]
    recipients: tuple[RecipientAnswer, ...]
    restricted: bool | None = None
    lifts_at: datetime | None = None
    purpose: Annotated[str, Personal(Category.CHOICE)] | None = None
    organisation: UUID | None = None
    grounds: Annotated[Grounds, Personal(Category.CASE)] | None = None
    contest: Contest | None = None


class Decision(Model):
    """Whether an objection stands. Where it does not, the compelling grounds are named (Art. 21(1))."""

    stands: bool
    grounds: Grounds | None = None


class Cases(Model):
    """Cases, the most urgent first."""

    cases: tuple[Case, ...]


class OrderSweep(Model):
    """Look for what may no longer be kept, as of a moment; in the future it is a dry run in production.

    A moment that no calendar can move by a term would stop the sweep, and every page that shows it.
    """

    as_of: Annotated[AwareDatetime, Field(ge=EARLIEST, le=LATEST)]


class Sweep(Model):
    """A sweep: how many persons were without activity for the whole term, and what each service did."""

    id: UUID
    as_of: datetime
    ordered_at: datetime
    dry_run: bool
    without_activity: int
    with_activity: int
    anonymised: int
    receipts: tuple[Receipt, ...]
    done: bool


class Sweeps(Model):
    """Sweeps, newest first."""

    sweeps: tuple[Sweep, ...]


class DecisionFigures(Model):
    """Automated decisions in figures: made, contested, and what people decided then (F-68)."""

    made: int
    contested: int
    granted: int
    upheld: int
