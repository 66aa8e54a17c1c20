"""Which of the house's languages a reader understands best."""

from __future__ import annotations

from functools import lru_cache

LANGUAGES = ("nl", "fr", "en")


@lru_cache(maxsize=1024)
def negotiate(header: str | None) -> str:
    """The best of nl, fr and en for an Accept-Language header; Dutch where it says nothing we speak."""
    best, quality = LANGUAGES[0], 0.0
    for part in (header or "")[:500].split(","):
        tag, _, parameter = part.strip().partition(";")
        weight = _quality(parameter)
        language = tag.strip().lower().split("-")[0]
        if language in LANGUAGES and weight > quality:
            best, quality = language, weight
    return best


def _quality(parameter: str) -> float:
    name, _, number = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return max(0.0, min(1.0, float(number)))
    except ValueError:
        return 0.0
