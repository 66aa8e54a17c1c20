"""What came of it: laws that do not hold, permissions that were wider, those of them that nobody noticed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Counts and sentences; `loosened` counts permissions as found, each wider in every way."""

    loosened: Counter[str] = field(default_factory=Counter)
    unnoticed: dict[str, list[str]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)

    def hold(self, complaints: Iterable[str]) -> None:
        """Laws complain about a house in which nothing is wider: they must not."""
        self.broken += complaints

    def found(self, part: str, what: str, unnoticed: Iterable[str] = ()) -> None:
        """A permission as found; `unnoticed` says in which ways it was wider and no law complained."""
        self.loosened[part] += 1
        ways = list(unnoticed)
        if ways:
            self.unnoticed.setdefault(f"{part}: {what}", []).extend(ways)

    @property
    def good(self) -> bool:
        """Whether laws hold, and each permission has one that minds."""
        return bool(self.loosened) and not self.unnoticed and not self.broken

    def lines(self) -> list[str]:
        """A line for each thing that is not as it should be, then the counts."""
        return [
            *[f"a law does not hold: {line}" for line in self.broken],
            *[f"unnoticed: {what}, {' and '.join(ways)}" for what, ways in self.unnoticed.items()],
            *[f"{count} {part}" for part, count in self.loosened.items()],
        ]

    def summary(self) -> str:
        """The last line."""
        more = f", {len(self.broken)} laws do not hold" if self.broken else ""
        return f"loosened: {self.loosened.total()}, unnoticed: {len(self.unnoticed)}{more}"
