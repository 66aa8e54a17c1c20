"""The codes that a demo log-in's app would show: whoever plays staff takes them from here."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping

import pyotp

STEP = 30
"""Seconds that a code is shown for."""


def code_of(login: Mapping[str, str], ahead: int = 0) -> str:
    """The code that is shown now, or some steps later; KeyError for a log-in without an app."""
    return pyotp.TOTP(login["totp"]).at(int(time.time()), counter_offset=ahead)


def until_next() -> float:
    """Seconds until the app shows another code."""
    return STEP - time.time() % STEP


def second_step(login: Mapping[str, str], first: bytes) -> bytes:
    """The body that answers the first step of a log-in, told as a problem document."""
    challenge = json.loads(first)["facts"]["challenge"]
    return json.dumps({"challenge": challenge, "code": code_of(login)}).encode()
