"""An evening that was really played, kept answer by answer, to be played again with a lie in it."""

from __future__ import annotations

import json
import re
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from deploy.local.demo.wire import Asked, NoAnswer, Reply, Wire

Door = tuple[str, str, str, bytes | None]


@dataclass(frozen=True)
class Kept:
    """An answer, and when it came."""

    asked: Asked
    reply: Reply
    at: datetime


@dataclass
class Recorder:
    """Keeps what passes."""

    wire: Wire
    kept: list[Kept] = field(default_factory=list)

    async def send(self, asked: Asked) -> Reply:
        reply = await self.wire.send(asked)
        self.kept.append(Kept(asked, reply, datetime.now(UTC)))
        return reply


class Replay:
    """Gives the answers again, door by door in their order; the last one of a door for ever after."""

    def __init__(self, kept: list[Kept]) -> None:
        self._answers: dict[Door, deque[Kept]] = defaultdict(deque)
        for one in kept:
            self._answers[_door(one.asked)].append(one)
        self._at = kept[0].at

    def now(self) -> datetime:
        """The moment of the last answer."""
        return self._at

    def addresses(self) -> set[str]:
        """Every address that was asked that evening."""
        return {f"http://{address}" for _, address, *_ in self._answers}

    async def send(self, asked: Asked) -> Reply:
        answers = self._answers[_door(asked)]
        if not answers:
            raise NoAnswer(f"nobody asked {asked.method} {asked.url} that evening")
        kept = answers.popleft() if len(answers) > 1 else answers[0]
        self._at = max(self._at, kept.at)
        return kept.reply


@dataclass
class Tampered:
    """A wire with a lie in it: answers of `method` at addresses with `part` are changed."""

    wire: Wire
    method: str
    part: str
    change: Callable[[Reply], Reply]
    struck: int = 0

    async def send(self, asked: Asked) -> Reply:
        reply = await self.wire.send(asked)
        if asked.method != self.method or self.part not in asked.url:
            return reply
        changed = self.change(reply)
        self.struck += changed != reply
        return changed


def said(edit: Callable[[Any], object]) -> Callable[[Reply], Reply]:
    """A change of the JSON of an answer; `edit` changes it in place, where it has the shape for it."""

    def change(reply: Reply) -> Reply:
        document = reply.json()
        try:
            edit(document)
        except (KeyError, IndexError, TypeError, StopIteration):
            return reply
        return replace(reply, body=json.dumps(document).encode())

    return change


def written(before: str, after: str) -> Callable[[Reply], Reply]:
    """A change of the text of an answer."""
    return lambda reply: replace(reply, body=reply.body.replace(before.encode(), after.encode()))


def blotted(pattern: str) -> Callable[[Reply], Reply]:
    """An answer in which everything of this pattern cannot be read any more."""
    return lambda reply: replace(reply, body=re.sub(pattern.encode(), b"?", reply.body))


def answered(status: int, instead_of: int) -> Callable[[Reply], Reply]:
    """Another status than the one that came."""
    return lambda reply: replace(reply, status=status) if reply.status == instead_of else reply


def _door(asked: Asked) -> Door:
    """Who asks what: a browser is known by its cookie, and where it has none yet by what it says."""
    parts, cookie = urlsplit(asked.url), asked.headers.get("Cookie", "")
    said = None if cookie else _lasting(asked.body)
    return asked.method, f"{parts.netloc}{parts.path}?{parts.query}", cookie, said


def _lasting(body: bytes | None) -> bytes | None:
    """What is said, but for the code of an app: that is another one when the evening is played again."""
    if body is None or not body.startswith(b"{"):
        return body
    told = json.loads(body)
    return json.dumps({name: value for name, value in told.items() if name != "code"}).encode()
