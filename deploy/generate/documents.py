"""Everything that is generated, by path, and how it compares with what is checked in."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from chassis.activities import activities
from chassis.charter import Charter
from chassis.recipients import read_recipients
from chassis.statement import statement
from contracts.catalogue import events
from deploy.generate.asyncapi import asyncapi
from deploy.generate.openapi import openapi
from deploy.generate.readme import with_tables
from deploy.generate.record import record
from deploy.generate.record_page import recipients_page, record_page
from deploy.generate.schemas import schema_of, schema_path
from deploy.generate.statements import standing

Documents = Mapping[str, str]


def generated(root: Path, charters: Mapping[str, Charter], today: date) -> Documents:
    """Every generated document by its path below the root; a statement that changed gets the date `today`."""
    known = events()
    found = {"docs/asyncapi.json": as_json(asyncapi(known, charters))}
    found |= {schema_path(event): as_json(schema_of(event)) for event in known.values()}
    found |= {f"docs/openapi/{name}.json": as_json(openapi(name)) for name in charters}
    return found | _privacy(root, charters, today) | _readmes(root, known, charters)


def _privacy(root: Path, charters: Mapping[str, Charter], today: date) -> dict[str, str]:
    house = tomllib.loads((root / "deploy" / "house.toml").read_text(encoding="utf-8"))
    done, recipients = activities(charters), read_recipients(house)
    found = {
        "docs/record-of-processing.jsonld": as_json(record(house, charters, done, recipients)),
        "docs/record-of-processing.md": record_page(house, charters, done, recipients),
        "docs/recipients.md": recipients_page(recipients),
    }
    said = standing(root, statement(house, done, recipients), today)
    return found | {path: as_json(version) for path, version in said.items()}


def _readmes(root: Path, known: Mapping[str, Any], charters: Mapping[str, Charter]) -> dict[str, str]:
    house = tomllib.loads((root / "deploy" / "house.toml").read_text(encoding="utf-8"))
    recipients = read_recipients(house)
    found = {}
    for name, charter in charters.items():
        path = f"services/{name}/README.md"
        by_hand = (root / path).read_text(encoding="utf-8") if (root / path).is_file() else f"# {name}\n"
        found[path] = with_tables(by_hand, charter, charters, known, recipients)
    return found


def as_json(value: Any) -> str:
    """Stable JSON: two spaces, letters as they are, a line end."""
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def differing(root: Path, documents: Documents) -> Sequence[str]:
    """Paths whose file is absent, other, or there without a contract that it comes from."""
    other = [path for path, text in documents.items() if _now(root / path) != text]
    folders = [*root.glob("contracts/*/schemas/*.json"), *root.glob("docs/openapi/*.json")]
    orphans = [str(path.relative_to(root)) for path in folders]
    return sorted([*other, *(path for path in orphans if path not in documents)])


def _now(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.is_file() else None


def write(root: Path, documents: Documents, paths: Sequence[str]) -> None:
    """Bring these paths to what they should be; orphans go."""
    for path in paths:
        if path not in documents:
            (root / path).unlink()
            continue
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(documents[path], encoding="utf-8")
