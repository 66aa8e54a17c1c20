"""The harness itself: it is green only where an attack succeeds without its wall and fails with it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.attacks.attack import Attack, Held, Verdict, doubles, judge, judge_all, summary
from tests.attacks.registry import all_attacks
from tests.attacks.walls import differences

OPEN, SHUT = "open", "shut"


@asynccontextmanager
async def _opened(_: str) -> AsyncIterator[str]:
    yield OPEN


@asynccontextmanager
async def _stuck(_: str) -> AsyncIterator[str]:
    raise RuntimeError("the gate does not move")
    yield OPEN


async def _through_the_gate(gate: str) -> str:
    if gate == SHUT:
        raise Held("the gate is shut")
    return "the silver"


async def _always(_: str) -> str:
    return "the silver"


async def _never(_: str) -> str:
    raise Held("there is nothing here")


async def _silent(_: str) -> str:
    return ""


async def _clumsy(gate: str) -> str:
    return gate[99]


def _attack(attempt: object = _through_the_gate, off: object = _opened) -> Attack[str]:
    return Attack("story", "a thief", "the silver", "the gate stays shut", attempt, off)  # type: ignore[arg-type]


async def test_an_attack_that_its_wall_stops_counts_and_both_lines_are_told() -> None:
    verdict = await judge(_attack(), SHUT)
    assert verdict.counts
    assert verdict.lines() == (
        "off  story a thief: the attacker got the silver",
        "on   story a thief: refused: the gate is shut (wants the silver; breaks: the gate stays shut)",
    )
    assert summary([verdict]) == ("attacks: 1 tried, 0 succeeded", True)


async def test_an_attack_that_succeeds_with_the_wall_on_turns_red() -> None:
    verdict = await judge(_attack(_always), SHUT)
    assert not verdict.counts
    assert verdict.lines()[1].startswith("on   story a thief: the attacker got the silver")
    assert summary([verdict]) == ("attacks: 1 tried, 1 succeeded", False)


async def test_an_attack_that_fails_with_the_wall_off_turns_red() -> None:
    verdict = await judge(_attack(_never), SHUT)
    assert summary([verdict]) == ("attacks: 1 tried, 0 succeeded, 1 proved nothing", False)


@pytest.mark.parametrize("attempt", [_clumsy, _silent])
async def test_a_mistake_in_an_attack_is_no_refusal(attempt: object) -> None:
    verdict = await judge(_attack(attempt), SHUT)
    assert not verdict.counts
    assert "broke" in verdict.lines()[1]
    assert summary([verdict]) == ("attacks: 1 tried, 0 succeeded, 1 proved nothing", False)


async def test_a_wall_that_cannot_be_taken_down_turns_red() -> None:
    verdict = await judge(_attack(off=_stuck), SHUT)
    assert "could not be taken down" in verdict.lines()[0]
    assert summary([verdict])[1] is False


async def test_one_red_attack_among_many_is_enough_and_each_is_told_at_once() -> None:
    told: list[Verdict[str]] = []
    verdicts = await judge_all([_attack(), _attack(_always), _attack()], SHUT, told.append)
    assert told == verdicts
    assert summary(verdicts) == ("attacks: 3 tried, 1 succeeded", False)


def test_no_attacks_at_all_prove_nothing() -> None:
    assert summary([]) == ("attacks: 0 tried, 0 succeeded", False)


def test_every_attack_breaks_a_rule_of_its_own() -> None:
    assert doubles(all_attacks()) == []
    assert doubles([_attack(), _attack()]) == ["a thief", "the gate stays shut"]
    assert len(all_attacks()) >= 150


def test_a_wall_that_was_not_put_back_is_named() -> None:
    assert differences(frozenset({"gate", "moat"}), frozenset({"gate", "hole"})) == [
        "more: hole",
        "less: moat",
    ]
    assert differences(frozenset({"gate"}), frozenset({"gate"})) == []


async def test_a_hole_that_putting_the_wall_back_would_mend_is_seen_before() -> None:
    hole = [OPEN]

    @asynccontextmanager
    async def mending(_: str) -> AsyncIterator[str]:
        yield OPEN
        hole.clear()

    async def through_the_hole(gate: str) -> str:
        return await _through_the_gate(OPEN if hole else gate)

    verdict = await judge(_attack(through_the_hole, mending), SHUT)
    assert verdict.on.got == "the silver"
    assert not verdict.counts
