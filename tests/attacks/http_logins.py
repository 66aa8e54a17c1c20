"""Log-ins: who exists, by the words or the time of an answer, and passwords by trying."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from chassis.decision import Accepted, Refused
from services.accounts.passwords import Passwords
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.http_wall import Answered, Careless, ask, http_attack

REAL_VERIFY = Passwords.verify
ROLES = ("box_office", "steward", "supervisor", "marketing", "finance")
WORTH = 0.015
"""Seconds: argon2 takes 35 ms, so a difference of less tells nothing."""


async def _log_in(ground: Ground, user: str, password: str) -> Answered:
    url = ground.doors["accounts"] + "/sessions"
    return await ask("POST", url, body={"user": user, "password": password})


async def _by_words(ground: Ground) -> str:
    known = await _log_in(ground, ground.endpoints["logins"]["finance"]["user"], "a wrong password")
    unknown = await _log_in(ground, uuid4().hex, "a wrong password")
    same = (known.status, known.slug) == (unknown.status, unknown.slug)
    words = [{**answer.json(), "request_id": "", "instance": ""} for answer in (known, unknown)]
    if same and words[0].get("title") == words[1].get("title"):
        raise Held(f"both answers are {known.status} {known.slug}")
    return "which user names exist, by the words of the answer"


async def _by_time(ground: Ground) -> str:
    # The quickest of several: whatever else the machine does only makes answers slower.
    known, unknown = [], []
    for role in ROLES:
        known.append(await _seconds(ground, ground.endpoints["logins"][role]["user"]))
        unknown.append(await _seconds(ground, uuid4().hex))
    apart = min(known) - min(unknown)
    if apart < WORTH:
        raise Held("both answers take as long")
    return f"which user names exist, {apart * 1000:.0f} ms apart"


async def _seconds(ground: Ground, user: str) -> float:
    began = time.perf_counter()
    await _log_in(ground, user, "a wrong password")
    return time.perf_counter() - began


async def _by_trying(ground: Ground) -> str:
    login = ground.endpoints["logins"]["administrator"]
    for number in range(10):
        await _log_in(ground, login["user"], f"password{number}")
    answer = await _log_in(ground, login["user"], login["password"])
    if answer.slug != "factor-needed":
        answer.granted()
    return "the password of the administrator, at the eleventh try"


async def _telling(passwords: Passwords, password: str, stored: str | None) -> Any:
    return Refused("person-unknown") if stored is None else await REAL_VERIFY(passwords, password, stored)


async def _hasty(passwords: Passwords, password: str, stored: str | None) -> Any:
    return Accepted(False) if stored is None else await REAL_VERIFY(passwords, password, stored)


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    verify, start = "services.accounts.passwords:Passwords", "services.accounts.handlers.guard_log_in"
    return (
        http_attack(
            "user names by the answer",
            "a list of who works here",
            "a refused log-in says the same, whether the user exists or not",
            _by_words,
            Careless("accounts", ((verify, "verify", _telling),)),
        ),
        http_attack(
            "user names by the clock",
            "a list of who works here, by how long an answer takes",
            "a refused log-in does the same work, whether the user exists or not",
            _by_time,
            Careless("accounts", ((verify, "verify", _hasty),)),
        ),
        http_attack(
            "a password by trying",
            "a password, by trying one after the other",
            "after ten failures a user name rests (G-71)",
            _by_trying,
            Careless("accounts", ((start, "may_try", lambda *_: Accepted(None)),)),
        ),
    )
