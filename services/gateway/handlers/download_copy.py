"""Put the six parts of a copy together at the moment of download: in bulk they never ride the bus (W-40)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.copying import read_part
from contracts.copies import CopyPart
from contracts.retention.api import Case
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting

FILE_HEADERS = {"Content-Disposition": 'attachment; filename="copy.json"'}
PARTS = ("accounts", "orders", "notify", "sharing", "retention")


async def download_copy(desk: Desk, acting: Acting, case: UUID, language: str) -> bytes | Declined:
    """The whole copy as indented JSON (structured, common, machine-readable: W-44), or why there is none."""
    found = await desk.neighbours.ask(
        Question("retention", "GET", f"/cases/{case}", acting, language=language), Case
    )
    if isinstance(found, Declined):
        return found
    if found.kind != "copy" or found.state != "closed":
        return Declined.ours("copy-not-ready", 409)
    parts: dict[str, Any] = {}
    for service in PARTS:
        question = Question(service, "GET", f"/copies/{case}", acting, language=language)
        part = await desk.neighbours.ask(question, CopyPart)
        if isinstance(part, Declined):
            return part
        parts[service] = part.tables
    own = await read_part(desk.work, desk.seal, acting.actor, case)
    parts["gateway"] = {} if own is None else own.tables
    return _document(found, parts)


def _document(case: Case, parts: Mapping[str, Any]) -> bytes:
    copy = {"copy": str(case.id), "ordered_at": case.opened_at.isoformat(), "services": parts}
    return json.dumps(copy, ensure_ascii=False, indent=2).encode()
