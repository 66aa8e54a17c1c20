"""How the demo's people stand at a door: cookies, repetition under the same key, and an end to patience."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from deploy.local.demo.__main__ import numbers
from deploy.local.demo.doors import Browser
from deploy.local.demo.expecting import Patience, Unmet
from deploy.local.demo.playing import with_needs
from deploy.local.demo.wire import Asked, NoAnswer, Reply

PATIENT = Patience(answer=10.0, rest=0.01)
HASTY = Patience(answer=0.05, rest=0.01)


class Script:
    """A wire that gives these answers one after the other, the last for ever; None is a broken connection."""

    def __init__(self, *answers: Reply | None) -> None:
        self._answers: list[Reply | None] = list(answers)
        self.asked: list[Asked] = []

    async def send(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if answer is None:
            raise NoAnswer
        return answer


def ok(*cookies: str) -> Reply:
    return Reply(200, tuple(("Set-Cookie", cookie) for cookie in cookies), b"{}")


def at(wire: Script, patience: Patience = PATIENT) -> Browser:
    return Browser(wire, "http://localhost:1/", patience)


async def test_a_secure_cookie_is_kept_on_plain_http_and_dropped_when_told() -> None:
    wire = Script(ok("__Host-session=abc; Path=/; Secure; HttpOnly"), ok("__Host-session=; Max-Age=0"), ok())
    browser = at(wire)
    for _ in range(3):
        await browser.page("/")
    assert [asked.headers.get("Cookie") for asked in wire.asked] == [None, "__Host-session=abc", None]


async def test_what_nobody_answered_is_repeated_under_the_same_key() -> None:
    wire = Script(None, Reply(503, (), b""), Reply(201, (), b'{"id": 1}'))
    reply = await at(wire).ask("POST", "/orders", {"hold": 1}, "the-key")
    assert (reply.status, reply.tries) == (201, 3)
    assert {asked.headers["Idempotency-Key"] for asked in wire.asked} == {"the-key"}
    assert len({asked.body for asked in wire.asked}) == 1


@pytest.mark.parametrize("answer", [None, Reply(500, (), b"")])
async def test_patience_ends_with_the_door_that_did_not_answer(answer: Reply | None) -> None:
    with pytest.raises(Unmet, match=r"GET localhost:1/api/v1/me is answered"):
        await at(Script(answer), HASTY).ask("GET", "/me")


async def test_a_refusal_is_an_answer_and_is_not_repeated() -> None:
    wire = Script(Reply(409, (), b'{"type": "/problems/seat-taken"}'))
    assert (await at(wire).ask("POST", "/holds", {})).status == 409
    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        ("4", [4]),
        ("1-3", [1, 2, 3]),
        ("7,1", [1, 7]),
        ("6", [1, 2, 3, 5, 6]),
        ("1-8", [1, 2, 3, 4, 5, 6, 7, 8]),
    ],
)
def test_steps_come_with_what_they_need(text: str, steps: Sequence[int]) -> None:
    assert [step.number for step in with_needs(numbers(text))] == list(steps)


@pytest.mark.parametrize("text", ["0", "9", "1-9", "a", ""])
def test_other_steps_do_not_exist(text: str) -> None:
    with pytest.raises(ValueError):
        numbers(text)
