"""The purposes of this house, as far as machinery must know them: basis and gate."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

PURPOSES = Path(__file__).parents[1] / "contracts" / "purposes.toml"
LEGAL_DUTY = "legal_duty"


@dataclass(frozen=True, slots=True)
class KnownPurpose:
    """One purpose: its legal basis, whether a choice gates it, and whether it goes on under restriction."""

    id: str
    basis: str
    gate: Literal["none", "objection", "consent"]
    survives_restriction: bool


@cache
def known_purposes() -> Mapping[str, KnownPurpose]:
    """Every purpose of the house by id."""
    raw = tomllib.loads(PURPOSES.read_text(encoding="utf-8"))
    return {
        name: KnownPurpose(
            name, entry["basis"], entry["gate"], bool(entry.get("survives_restriction", False))
        )
        for name, entry in raw.items()
    }


def is_legal_duty(purpose: str) -> bool:
    """Whether the law itself asks for this purpose, so that erasure stops before it (Art. 17(3)(b))."""
    return known_purposes()[purpose].basis == LEGAL_DUTY
