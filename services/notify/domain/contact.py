"""Where to write to a person: a replica in which each field has a version of its own."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

DEFAULT_LANGUAGE = "nl"


@dataclass(frozen=True, slots=True)
class ContactNews:
    """What an event says about a person's contact; None where it says nothing about a field."""

    subject: UUID
    version: int
    name: str | None = None
    email: str | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Addressee:
    """A person who can be written to: one-line name, e-mail address, one of nl, fr, en."""

    subject: UUID
    name: str
    email: str
    language: str


def one_line(text: str) -> str:
    """A text that fits a mail header: every run of white space and control characters is one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def addressee(subject: UUID, name: str | None, email: str | None, locale: str | None) -> Addressee | None:
    """Someone who can be written to, or None while there is no address yet."""
    if not email:
        return None
    return Addressee(subject, one_line(name or ""), email, locale or DEFAULT_LANGUAGE)
