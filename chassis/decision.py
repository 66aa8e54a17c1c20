"""The outcome of a pure decision: a value that was accepted, or a refusal with a slug."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Accepted(Generic[T]):
    """The decision went through; `value` is what it made."""

    value: T


@dataclass(frozen=True, slots=True)
class Refused:
    """The decision said no.

    `slug` names an entry of problems.toml; `facts` are shown to the reader and never hold personal data.
    """

    slug: str
    facts: Mapping[str, str | int] = field(default_factory=dict)
