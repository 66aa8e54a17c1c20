"""Problem documents (RFC 9457): a stable slug, a status, and a sentence in the reader's language."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from chassis.language import LANGUAGES

HERE = Path(__file__).parent
CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Problem:
    """One kind of refusal: its HTTP status and its title by language."""

    slug: str
    status: int
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: JSON pointer, reason code, and the reason in the reader's language."""

    pointer: str
    code: str
    reason: str


class Problems:
    """All refusals that one service can answer with; the chassis' own are always among them."""

    def __init__(self, known: Mapping[str, Problem]) -> None:
        self._known = dict(known)

    @classmethod
    def load(cls, *paths: Path) -> Problems:
        """Read problems.toml files; a later file may not redefine a slug of an earlier one (ValueError)."""
        known: dict[str, Problem] = {}
        for path in (HERE / "problems.toml", *paths):
            for slug, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
                if slug in known:
                    raise ValueError(f"{path.name} defines {slug} again")
                known[slug] = _problem(slug, entry)
        return cls(known)

    @property
    def slugs(self) -> frozenset[str]:
        """Every slug with an entry."""
        return frozenset(self._known)

    def __getitem__(self, slug: str) -> Problem:
        return self._known[slug]

    def document(
        self,
        slug: str,
        *,
        language: str,
        request_id: str,
        facts: Mapping[str, str | int] | None = None,
        errors: Iterable[FieldError] = (),
    ) -> dict[str, Any]:
        """The problem document of a slug; facts fill the `{places}` of the title and are listed beside it."""
        problem = self._known[slug]
        told = dict(facts or {})
        body: dict[str, Any] = {
            "type": f"/problems/{slug}",
            "title": problem.titles[language].format_map(_Facts(told)),
            "status": problem.status,
            "request_id": request_id,
        }
        if told:
            body["facts"] = told
        listed = [{"pointer": e.pointer, "code": e.code, "reason": e.reason} for e in errors]
        return body | ({"errors": listed} if listed else {})


class _Facts(dict[str, str | int]):
    def __missing__(self, key: str) -> str:
        return "…"


def _problem(slug: str, entry: Mapping[str, Any]) -> Problem:
    titles = {language: str(entry[language]) for language in LANGUAGES}
    return Problem(slug, int(entry["status"]), titles)


class Reasons:
    """Reasons for single fields, in three languages, by pydantic's error type."""

    def __init__(self) -> None:
        self._texts: dict[str, Mapping[str, str]] = {}
        self._codes: dict[str, str] = {}
        for code, entry in tomllib.loads((HERE / "reasons.toml").read_text(encoding="utf-8")).items():
            self._texts[code] = {language: str(entry[language]) for language in LANGUAGES}
            self._codes |= dict.fromkeys(entry["types"], code)

    def of(self, error: ValidationError, model: type[BaseModel], language: str) -> list[FieldError]:
        """Pointers and reasons of a validation error; keys that the sender made up are not repeated."""
        names = field_names(model)
        details = error.errors(include_input=False, include_url=False, include_context=False)
        return [self._one(detail["type"], detail["loc"], names, language) for detail in details]

    def _one(self, kind: str, loc: tuple[int | str, ...], names: frozenset[str], language: str) -> FieldError:
        code = self._codes.get(kind, "wrong_form")
        steps = [str(step) if isinstance(step, int) or step in names else "*" for step in loc]
        return FieldError("/" + "/".join(steps), code, self._texts[code][language])


def field_names(model: type[BaseModel]) -> frozenset[str]:
    """Every field name and alias of a model and the models within, from its JSON schema."""
    found: set[str] = set()
    pending: list[Any] = [model.model_json_schema()]
    while pending:
        node = pending.pop()
        if isinstance(node, dict):
            found |= set(node.get("properties", {}))
            pending.extend(node.values())
        elif isinstance(node, list):
            pending.extend(node)
    return frozenset(found)
