"""What the house declares about personal data, read from the files that its walls are generated from.

Pages never have privacy texts of their own: a reader sees the purposes of contracts/purposes.toml and the
terms of the services' charters, the same that make roles, grants and sweeps (W-21, W-50).
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from chassis.charter import Charter, all_charters
from contracts.texts import Text

DAYS = {"Y": 366, "M": 31, "W": 7, "D": 1, "H": 1 / 24, "S": 0}
PRECEDENCE = ("name", "email", "phone", "locale", "purchase", "seat", "payment_reference", "choice")


@dataclass(frozen=True)
class Purpose:
    """Why data is used; `gate` says whether it waits for a consent or stops at an objection."""

    id: str
    basis: str
    article: str
    gate: Literal["none", "consent", "objection"]
    title: Text
    why: Text


@dataclass(frozen=True)
class StatementLine:
    """One purpose of the public statement: categories of data, and ISO 8601 terms from short to long."""

    purpose: Purpose
    categories: tuple[str, ...]
    terms: tuple[str, ...]


def _days(term: str) -> float:
    number, unit = re.findall(r"\d+", term)[0], term[-1]
    return int(number) * (1 / 1440 if "T" in term and unit == "M" else DAYS[unit])


@dataclass(frozen=True)
class Declarations:
    """Purposes by id, and every use: (purpose, category, ISO 8601 term), from all charters."""

    purposes: Mapping[str, Purpose]
    uses: frozenset[tuple[str, str, str]]

    def longest_term(self, purpose: str, categories: Iterable[str]) -> str | None:
        """The longest term of these categories for a purpose; None where they are kept for hours at most."""
        wanted = set(categories)
        terms = {term for one, category, term in self.uses if one == purpose and category in wanted}
        return max((term for term in terms if _days(term) >= 1), key=_days, default=None)

    def statement(self) -> tuple[StatementLine, ...]:
        """Every purpose that some service uses personal data for, in the order of purposes.toml."""
        return tuple(self._line(purpose) for purpose in self.purposes.values() if self._used(purpose.id))

    def _used(self, purpose: str) -> bool:
        return any(one == purpose for one, _, _ in self.uses)

    def _line(self, purpose: Purpose) -> StatementLine:
        mine = [(category, term) for one, category, term in self.uses if one == purpose.id]
        categories = sorted({category for category, _ in mine}, key=_rank)
        terms = sorted({term for _, term in mine if _days(term) >= 1}, key=_days)
        return StatementLine(purpose, tuple(categories), tuple(terms))


def _rank(category: str) -> tuple[int, str]:
    return (PRECEDENCE.index(category) if category in PRECEDENCE else len(PRECEDENCE), category)


def _purposes(path: Path) -> dict[str, Purpose]:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: Purpose(
            name,
            entry["basis"],
            entry["article"],
            entry["gate"],
            Text(**entry["title"]),
            Text(**entry["why"]),
        )
        for name, entry in raw.items()
    }


def _uses(charter: Charter) -> Iterator[tuple[str, str, str]]:
    for table in charter.table.values():
        for column in table.column.values():
            rule = charter.keep[column.keep]
            for purpose in column.purposes:
                kept_for_books = rule.then == "books" and purpose == "bookkeeping"
                yield purpose, column.category.value, rule.books_term if kept_for_books else rule.term


def read_declarations(root: Path) -> Declarations:
    """Read contracts/purposes.toml and all charters below `root`; CharterError for a bad one."""
    charters = all_charters(root)
    uses = frozenset(use for charter in charters.values() for use in _uses(charter))
    return Declarations(_purposes(root / "contracts" / "purposes.toml"), uses)
