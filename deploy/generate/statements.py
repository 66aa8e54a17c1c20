"""Versions of the public statement: what changed becomes a file of the day, earlier ones stay (W-50)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from chassis.statement import FOLDER, dated, digest, versions


def standing(root: Path, content: Mapping[str, Any], today: date) -> dict[str, dict[str, Any]]:
    """The version that should stand, by its path: the newest where nothing changed, else today's."""
    known = versions(root)
    day = known[0].day if known and known[0].digest == digest(content) else today
    return {str(FOLDER / f"{day.isoformat()}.jsonld"): dated(content, day)}
