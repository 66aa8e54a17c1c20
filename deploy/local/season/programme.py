"""The season as values: organisations, hall, events, log-ins and people of earlier years."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from chassis.decision import Accepted
from contracts.orders.planning import BlockPlan, HallSeat
from services.orders.domain.hall_plan import Drawn, Place, draw, named

HERE = Path(__file__).parent
SMALL = "kleine-zaal"
KINDS = ("wheelchair", "companion", "restricted")
NAMESPACE = UUID("5a1b0c52-7f3e-4d8e-9a64-2f0f6a5f9d11")
VAT_CULTURE = 600
"""Belgian VAT on admission to culture, in basis points."""
More = Callable[[int], Iterable[Mapping[str, Any]]]
"""Facts of evenings beside as many that are there."""
YEARS = 9
PEOPLE_PER_YEAR = 4


def known_as(kind: str, name: str) -> UUID:
    """An id of the season that is the same in every service and at every load."""
    return uuid5(NAMESPACE, f"{kind}:{name}")


@dataclass(frozen=True)
class Hall:
    """A hall as planners draw it, with the id of each seat by label."""

    id: UUID
    name: str
    standing: int
    blocks: tuple[BlockPlan, ...]
    seats: tuple[HallSeat, ...]

    def named(self, labels: str) -> tuple[UUID, ...]:
        """Seats by label, as planners write them; none for nothing."""
        places = [Place(seat.id, seat.label, seat.row, seat.number) for seat in self.seats]
        meant = named(labels, (), places) if labels else Accepted(())
        assert isinstance(meant, Accepted), f"the season names seats that {self.name} does not have: {labels}"
        return meant.value


@dataclass(frozen=True)
class Event:
    """An event with its raw facts from programme.toml and its moments."""

    id: UUID
    facts: Mapping[str, Any]
    doors_at: datetime
    starts_at: datetime
    ends_at: datetime
    on_sale_from: datetime


@dataclass(frozen=True)
class Regular:
    """Someone who came once, some years ago: the last day of activity, and how to write to them."""

    id: UUID
    name: str
    email: str
    locale: str
    day: date


@dataclass(frozen=True)
class Season:
    """All that is loaded, as of the day of the first start."""

    now: datetime
    raw: Mapping[str, Any]
    logins: Mapping[str, Mapping[str, str]]
    halls: Mapping[str, Hall]
    events: tuple[Event, ...]
    regulars: tuple[Regular, ...]

    def hall_of(self, event: Event) -> Hall:
        """Where an event takes place."""
        return self.halls[event.facts.get("hall", SMALL)]


def read_season(now: datetime, more: More | None = None) -> Season:
    """The season, with its days counted from `now` (aware UTC), and with `more` evenings to come."""
    raw = tomllib.loads((HERE / "programme.toml").read_text(encoding="utf-8"))
    raw["event"] += more(len(raw["event"])) if more else ()
    logins = tomllib.loads((HERE / "logins.toml").read_text(encoding="utf-8"))
    events = tuple(_event(facts, now, ZoneInfo(raw["time_zone"])) for facts in raw["event"])
    halls = {key: _hall(key, facts) for key, facts in raw["hall"].items()}
    return Season(now, raw, logins, halls, events, tuple(_regulars(now)))


def _hall(key: str, facts: Mapping[str, Any]) -> Hall:
    blocks = tuple(BlockPlan.model_validate(block) for block in facts["blocks"])
    seats: list[HallSeat] = []
    for block in blocks:
        drawn = draw(block, seats)
        assert isinstance(drawn, Accepted), f"the season draws a hall that cannot be: {key}"
        seats += [_seat(key, block.zone, one) for one in drawn.value]
    hall = Hall(known_as("hall", key), facts["name"], facts["standing"], blocks, tuple(seats))
    kinds = {seat: kind for kind in KINDS for seat in hall.named(facts.get(kind, ""))}
    marked = tuple(seat.model_copy(update={"kind": kinds.get(seat.id, "normal")}) for seat in seats)
    return replace(hall, seats=marked)


def _seat(hall: str, zone: str, one: Drawn) -> HallSeat:
    return HallSeat(
        id=known_as("seat", f"{hall}:{one.label}"),
        label=one.label,
        row=one.row,
        number=one.number,
        x=one.x,
        y=one.y,
        zone=zone,
        kind="normal",
    )


def _event(facts: Mapping[str, Any], now: datetime, zone: ZoneInfo) -> Event:
    day = now.astimezone(zone).date() + timedelta(days=facts["day"])

    def at(clock: str) -> datetime:
        return datetime.combine(day, time.fromisoformat(clock), zone).astimezone(UTC)

    on_sale = now + timedelta(days=facts["on_sale_in"]) if "on_sale_in" in facts else now - timedelta(days=30)
    moments = at(facts["doors"]), at(facts["starts"]), at(facts["ends"])
    return Event(known_as("event", facts["slug"]), facts, *moments, on_sale)


FIRST = ("Anna", "Bram", "Chloé", "Driss", "Elke", "Farid", "Greet", "Hugo", "Inès", "Jef", "Karima", "Louis")
LAST = ("Peeters", "Lambert", "Vermeulen", "El Amrani", "Claes", "Dubois", "Maes", "Janssens", "Okafor")


def _regulars(now: datetime) -> list[Regular]:
    """Four people for each of nine years back: from some weeks ago to more than eight years ago."""
    people = []
    for number in range(YEARS * PEOPLE_PER_YEAR):
        years, within = divmod(number, PEOPLE_PER_YEAR)
        name = f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
        day = (now - timedelta(days=round(years * 365.25) + 20 + within * 70)).date()
        email = f"bezoeker{number:02d}@example.net"
        people.append(
            Regular(known_as("regular", str(number)), name, email, ("nl", "fr", "en")[number % 3], day)
        )
    return people
