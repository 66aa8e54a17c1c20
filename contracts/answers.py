"""Events that every service says in its own name: receipts of forgetting and parts of a copy."""

from uuid import UUID

from contracts.envelope import Event
from contracts.personal import SubjectId

RIGHTS = ("rights",)


class ErasureCarriedOut(Event):
    """A service erased what it held of a person: rows per table, and who must still be told (Art. 19)."""

    subject: SubjectId
    case: UUID
    counts: dict[str, int]
    kept_for_the_books: dict[str, int]
    recipients: tuple[UUID, ...] = ()


class AnonymisationCarriedOut(Event):
    """A service anonymised what it held of a person without activity (G-41)."""

    subject: SubjectId
    sweep: UUID
    counts: dict[str, int]


class CopyReady(Event):
    """A service has its part of a copy ready: SHA-256 of the plain part, and rows per table (W-40)."""

    subject: SubjectId
    request: UUID
    sha256: str
    counts: dict[str, int]


class SweepCarriedOut(Event):
    """A service carried out the terms of its charter up to a date: rows per table (W-20)."""

    sweep: UUID
    counts: dict[str, int]
