"""What an attack is, and how it is judged: it succeeds with its own wall off and fails with it on, or it
proves nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

G = TypeVar("G")
Wall = Literal["postgres", "broker", "http", "story"]
SECONDS = 45.0
"""The longest that one try may take."""


class Held(Exception):
    """The wall held; the message says how it refused."""


@dataclass(frozen=True)
class Attack(Generic[G]):
    """One attack: small data and a function.

    `attempt` answers with what the attacker got, and raises Held where it was refused; anything else that it
    raises is a fault of the attack. `off` gives the same place with this one wall taken down.
    """

    wall: Wall
    name: str
    wants: str
    rule: str
    attempt: Callable[[G], Awaitable[str]]
    off: Callable[[G], AbstractAsyncContextManager[G]]


@dataclass(frozen=True)
class Try:
    """What came of one try: `got` where the attacker succeeded, `refused` where the wall held."""

    got: str = ""
    refused: str = ""
    broke: str = ""

    def told(self) -> str:
        """The end of a line."""
        if self.got:
            return f"the attacker got {self.got}"
        return f"refused: {self.refused}" if self.refused else f"broke: {self.broke}"


@dataclass(frozen=True)
class Verdict(Generic[G]):
    """An attack with both of its tries."""

    attack: Attack[G]
    off: Try
    on: Try

    @property
    def counts(self) -> bool:
        """Whether the attack proves its wall: it succeeded with the wall off and was refused with it on."""
        return bool(self.off.got and self.on.refused)

    def lines(self) -> tuple[str, str]:
        """Both lines; the second names what the attacker wants and the rule that it breaks."""
        what = f"{self.attack.wall} {self.attack.name}"
        why = f" (wants {self.attack.wants}; breaks: {self.attack.rule})"
        return f"off  {what}: {self.off.told()}", f"on   {what}: {self.on.told()}{why}"


async def judge(attack: Attack[G], ground: G) -> Verdict[G]:
    """Both tries of one attack.

    The first is against the wall as it stands: to put a wall back after the other would mend a hole in it.
    """
    on = await _tried(attack, ground)
    return Verdict(attack, await _tried_without_wall(attack, ground), on)


async def judge_all(
    attacks: Iterable[Attack[G]], ground: G, tell: Callable[[Verdict[G]], None]
) -> list[Verdict[G]]:
    """One after the other, because each takes a wall of the same house down; `tell` hears of each at once."""
    verdicts = []
    for attack in attacks:
        verdicts.append(await judge(attack, ground))
        tell(verdicts[-1])
    return verdicts


async def _tried_without_wall(attack: Attack[G], ground: G) -> Try:
    try:
        async with attack.off(ground) as open_ground:
            return await _tried(attack, open_ground)
    except Exception as fault:
        return Try(broke=f"the wall could not be taken down or put back, {_said(fault)}")


async def _tried(attack: Attack[G], ground: G) -> Try:
    try:
        async with asyncio.timeout(SECONDS):
            got = await attack.attempt(ground)
    except Held as held:
        return Try(refused=_first_line(held) or "without a word")
    except Exception as fault:
        return Try(broke=_said(fault))
    return Try(got=got) if got else Try(broke="the attack does not say what it got")


def _first_line(words: BaseException) -> str:
    return str(words).split("\n", 1)[0]


def _said(fault: BaseException) -> str:
    return f"{type(fault).__name__}: {' '.join(str(fault).split())[:300]}"


def summary(verdicts: Iterable[Verdict[G]]) -> tuple[str, bool]:
    """The last line, and whether every attack proved its wall.

    An attack that broke, or that fails even without its wall, proves nothing and is told apart.
    """
    told = list(verdicts)
    succeeded = sum(bool(verdict.on.got) for verdict in told)
    nothing = sum(not verdict.counts and not verdict.on.got for verdict in told)
    more = f", {nothing} proved nothing" if nothing else ""
    return f"attacks: {len(told)} tried, {succeeded} succeeded{more}", bool(told) and not succeeded + nothing


def doubles(attacks: Iterable[Attack[G]]) -> list[str]:
    """Names and rules that stand twice: each attack breaks a rule of its own."""
    seen: set[str] = set()
    found = []
    for attack in attacks:
        for word in (attack.name, attack.rule):
            if word in seen:
                found.append(word)
            seen.add(word)
    return found


@asynccontextmanager
async def as_it_is(ground: G) -> AsyncIterator[G]:
    """No wall down: for attacks of the harness's own tests."""
    yield ground
