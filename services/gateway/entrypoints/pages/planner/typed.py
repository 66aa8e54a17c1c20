"""What a planner typed, as bodies of the API: local times, amounts with a comma, words in three languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chassis.language import LANGUAGES
from services.gateway.entrypoints.pages.counter import cents_of


class Typed:
    """The fields of a form, kept for the form that comes back after a refusal."""

    def __init__(self, fields: Sequence[tuple[str, str]], zone: ZoneInfo) -> None:
        self._all = fields
        self.fields: dict[str, str] = {name: value.strip() for name, value in fields}
        self._zone = zone

    def text(self, name: str) -> str | None:
        """What stands in a field; None where nothing does."""
        return self.fields.get(name) or None

    def all(self, name: str) -> list[str]:
        """Every value of a field that repeats."""
        return [value for known, value in self._all if known == name]

    def words(self, name: str) -> dict[str, str]:
        """A text in three languages, from fields such as `title.nl`."""
        return {language: self.fields.get(f"{name}.{language}", "") for language in LANGUAGES}

    def moment(self, name: str) -> str | None:
        """A local time as browsers send it; whatever is none stays as it is, for the model to refuse."""
        text = self.text(name)
        try:
            local = datetime.fromisoformat(text) if text else None
        except ValueError:
            return text
        return local.replace(tzinfo=self._zone).isoformat() if local else None

    def cents(self, name: str) -> int | str | None:
        """An amount such as `22,50` in cents; whatever is none stays as it is, for the model to refuse."""
        text = self.text(name)
        found = cents_of(text) if text else None
        return text if found is None else found

    def rate(self, name: str) -> int | str | None:
        """A percentage such as `6` or `5,5` in hundredths of a percent: the same digits as cents."""
        return self.cents(name)


def given(body: Mapping[str, Any]) -> dict[str, Any]:
    """A body without the fields in which nothing stands, so that their defaults count."""
    return {name: value for name, value in body.items() if value is not None}
