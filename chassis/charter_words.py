"""Words that charters and their readers share."""

from __future__ import annotations

import re

RIGHTS = "rights"
STORAGE_LIMITATION = "storage_limitation"
KEEPING_CHOICES = "keeping_choices"
TERM = re.compile(r"^P(?=.)(\d+Y)?(\d+M)?(\d+W)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$")
"""An ISO 8601 duration."""


class CharterError(ValueError):
    """A charter says something that cannot be true; each argument is a sentence that names the place."""

    def __str__(self) -> str:
        return "\n".join(str(sentence) for sentence in self.args)
