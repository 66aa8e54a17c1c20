"""bench/results.json: the newest run of each figure, with the machine and what else ran."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from deploy.local.instance import ROOT
from tests.bench.figure import Figure

RESULTS = ROOT / "bench" / "results.json"


def merged(known: Mapping[str, Any], figures: Iterable[Figure], run: Mapping[str, Any]) -> dict[str, Any]:
    """What is known, with these figures and the run that they came from in place of older ones."""
    kept = {one["name"]: one for one in known.get("figures", [])}
    kept |= {one.name: {**one.told(), "run": dict(run)} for one in figures}
    return {"figures": [kept[name] for name in sorted(kept)]}


def keep(figures: Iterable[Figure], run: Mapping[str, Any], path: Path = RESULTS) -> None:
    """Merge into the file by name."""
    known = json.loads(path.read_text()) if path.exists() else {}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(merged(known, figures, run), indent=1, ensure_ascii=False) + "\n")


def summary(figures: Iterable[Figure]) -> str:
    """The last line."""
    verdicts = [one.holds for one in figures]
    kept, missed = verdicts.count(True), verdicts.count(False)
    return f"bench: {len(verdicts)} figures, {kept} goals hold, {missed} missed"
