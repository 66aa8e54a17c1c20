"""GDPRbench's four mixes as sequences of operations, the same in every run: who asks what, about whom.

controller  create 25, delete by purpose or person 25, update metadata 50; uniform
customer    read data 20, read metadata 20, update data 20, update metadata 20, delete 20; zipf
processor   read by key 80 (zipf), read by purpose or objection 20 (uniform)
regulator   read metadata by person 46, read logs 31, verify deletions 23; zipf
"""

from __future__ import annotations

import bisect
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from tests.bench.gdpr_records import PER_EVENT, Scale

SHARES = {
    "controller": (("create", 25), ("delete by purpose", 12), ("delete person", 13), ("update metadata", 50)),
    "customer": (
        ("read data", 20),
        ("read metadata", 20),
        ("update data", 20),
        ("update metadata", 20),
        ("delete person", 20),
    ),
    "processor": (("read by key", 80), ("read by purpose", 20)),
    "regulator": (("find person", 46), ("read logs", 31), ("verify deletion", 23)),
}
UNIFORM = {"controller": True, "customer": False, "processor": False, "regulator": False}
ZIPF = 0.99


@dataclass(frozen=True)
class Slice:
    """The part of a mix that one of several clients carries out; clients share no person.

    `like`: about no more persons than there are at that scale, so that as many of them come back.
    """

    mix: str
    operations: int
    scale: Scale
    client: int
    clients: int
    round: int = 0
    like: Scale | None = None


@dataclass(frozen=True)
class Operation:
    """One operation about a person; `turn` numbers the client's operations, and makes new values."""

    kind: str
    person: int
    turn: int


class Draw:
    """Draws from the persons of one client, all alike or by Zipf's law."""

    def __init__(self, persons: list[int], uniform: bool, dice: random.Random) -> None:
        self._persons = persons
        self._dice = dice
        weights = [1.0 if uniform else 1 / (rank + 1) ** ZIPF for rank in range(len(persons))]
        self._sums = list(accumulate(weights))

    def one(self) -> int:
        """The next person."""
        return self._persons[bisect.bisect(self._sums, self._dice.random() * self._sums[-1])]


def operations(part: Slice) -> Iterator[Operation]:
    """This client's operations, in order."""
    dice = random.Random(f"{part.mix} {part.client} {part.round}")
    kinds, shares = zip(*SHARES[part.mix], strict=True)
    draws = {name: Draw(_own(part, name), UNIFORM[part.mix], dice) for name in ("staying", "shared", "going")}
    for turn in range(part.operations // part.clients):
        kind = dice.choices(kinds, shares)[0]
        yield Operation(kind, draws[_whose(kind)].one(), turn)


def _whose(kind: str) -> str:
    if kind == "delete person":
        return "going"
    return "shared" if kind in ("delete by purpose", "read by purpose") else "staying"


def _own(part: Slice, name: str) -> list[int]:
    """The persons of this client: those who stay, those among them who are shared, those who go."""
    chosen = _chosen(part, name, part.scale)
    # Each round erases other people, and begins its popularity with somebody else.
    start = part.round * 31 % len(chosen)
    return [*chosen[start:], *chosen[:start]][: len(_chosen(part, name, part.like or part.scale))]


def _chosen(part: Slice, name: str, scale: Scale) -> list[int]:
    persons = scale.erasable if name == "going" else scale.staying
    mine = (person for person in persons if person % part.clients == part.client)
    return [person for person in mine if name != "shared" or scale.is_shared(person)]


def name_given(person: int, turn: int, round: int) -> str:
    """The name that a correction sets."""
    return f"Corrected {person} {round} {turn}"


def event_of(person: int) -> int:
    """The event of a person's first purchase."""
    return person // PER_EVENT


def parts(
    mix: str, count: int, scale: Scale, clients: int, round: int = 0, like: Scale | None = None
) -> list[Slice]:
    """The slices of all clients."""
    return [Slice(mix, count, scale, client, clients, round, like) for client in range(clients)]
