"""Guests that go with an account are written into the ledger of the erased too (X-01)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from chassis.work import Work
from services.retention.store import cases, ledger


class NoteErased:
    """The hook of the chassis' erasure: runs while retention still knows whose a guest was."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def __call__(self, work: Work, subject: UUID, case: UUID) -> Mapping[str, Any]:
        """Write a guest's id down; that of the case itself is noted with the first receipt."""
        row = await cases.read(work, case)
        if row is None or row.subject != subject:
            await asyncio.to_thread(ledger.append, self._path, subject, work.now)
        return {}
