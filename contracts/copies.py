"""What every service answers when a part of a copy is fetched: GET /copies/{request} (rights, visitor)."""

from typing import Any
from uuid import UUID

from contracts.envelope import Model


class CopyPart(Model):
    """One service's part of a copy: rows per table with their charter's purposes and terms (W-40, W-21)."""

    service: str
    request: UUID
    tables: dict[str, Any]
