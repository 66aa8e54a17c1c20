"""Looks as a page tells them: what somebody did again and again within an hour stands there once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from contracts.looks import Look

AT_ONCE = timedelta(hours=1)


@dataclass(frozen=True)
class LookTold:
    """The newest of several looks that differ in nothing but the moment, and how many they were."""

    newest: Look
    times: int = 1


def told_once(looks: Iterable[Look]) -> tuple[LookTold, ...]:
    """`looks` newest first; so is the answer. A desk that refreshes itself looks many times in a minute."""
    told: list[LookTold] = []
    places: dict[tuple[object, ...], int] = {}
    for look in looks:
        alike = (look.role, look.organisation, look.purpose, look.reason, look.kind)
        place = places.get(alike)
        if place is not None and told[place].newest.at - look.at < AT_ONCE:
            told[place] = replace(told[place], times=told[place].times + 1)
            continue
        places[alike] = len(told)
        told.append(LookTold(look))
    return tuple(told)
