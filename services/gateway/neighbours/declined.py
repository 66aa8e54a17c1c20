"""Why a neighbour did not do what was asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Declined:
    """A neighbour's problem document, passed on as it is; one of ours has no title yet, only its slug."""

    status: int
    document: Mapping[str, Any]

    @classmethod
    def ours(cls, slug: str, status: int, **facts: str | int) -> Declined:
        """A refusal of the gateway itself, by a slug and a status of its problems.toml."""
        told: dict[str, Any] = {"type": f"/problems/{slug}", "status": status}
        return cls(status, told | ({"facts": facts} if facts else {}))

    @property
    def facts(self) -> Mapping[str, str | int]:
        """What the refusal tells beside its words."""
        facts: Mapping[str, str | int] = self.document.get("facts", {})
        return facts

    @property
    def slug(self) -> str:
        """The stable name of the problem."""
        return str(self.document.get("type", "")).rsplit("/", 1)[-1]

    @property
    def title(self) -> str:
        """What happened, in the reader's language; "" for one of ours."""
        return str(self.document.get("title", ""))


AWAY = Declined.ours("service-away", 503)
