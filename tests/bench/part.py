"""What a part of the benchmark gets, and what it gives."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench.figure import Figure
from tests.bench.machine import Surroundings


@dataclass(frozen=True)
class Bench:
    """One run of one part. `folder` is where its houses may stand: `folder / "anything"` is free.

    `quick` measures a little of everything, to see that the measurement works; its figures are never kept.
    `watched` takes the surroundings of each stretch of measuring.
    """

    folder: Path
    quick: bool
    say: Callable[[str], None]
    watched: list[Surroundings] = field(default_factory=list)
    only: tuple[str, ...] = ()

    def wants(self, *names: str) -> bool:
        """Whether one of these figures is to be measured: all are, unless `only` names some of them."""
        pairs = [(name, one) for name in names for one in self.only]
        return not self.only or any(name.startswith(one) or one.startswith(name) for name, one in pairs)

    def run_folder(self, name: str) -> Path:
        """The folder of a house of this part."""
        return self.folder.with_name(f"{self.folder.name}-{name}")


Part = Callable[[Bench], AsyncIterator[Figure]]
"""Measures and yields figures as it goes, so that what was measured is told even where the rest breaks."""

Parts = Mapping[str, Part]
Run = Mapping[str, Any]
