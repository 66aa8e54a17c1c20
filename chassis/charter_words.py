"""Words that charters and their readers share."""

from __future__ import annotations

import re
from typing import Any

RIGHTS = "rights"
STORAGE_LIMITATION = "storage_limitation"
KEEPING_CHOICES = "keeping_choices"
TERM = re.compile(r"^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$")
"""An ISO 8601 duration."""


class DeclarationError(ValueError):
    """A declaration says something that cannot be true; each argument is a sentence that names the place."""

    def __str__(self) -> str:
        return "\n".join(str(sentence) for sentence in self.args)


class CharterError(DeclarationError):
    """A charter says something that cannot be true."""


def sentence(place: str, error: Any) -> str:
    """One of pydantic's errors as a sentence that begins with its place, without the input."""
    where = ".".join(str(part) for part in error["loc"])
    return f"{place}: [{where}] {error['msg']}"
