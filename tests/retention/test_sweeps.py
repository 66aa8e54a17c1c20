"""Sweeps: who is forgotten after seven quiet years, and only those."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from contracts.accounts.events import ActivitySeenV1
from contracts.actors import Actor, Role
from contracts.catalogue import events
from contracts.envelope import Event
from contracts.orders.events import AttendeeAdmittedV1, OrderPaidV1, OrderPlacedV1
from contracts.retention.events import AnonymisationOrderedV1, SweepOrderedV1
from services.retention.domain.erasure import EVERY_SERVICE
from tests.accounts.premises import ROOT, Open, Premises

OFFICER = Actor(Role.PRIVACY_OFFICER, uuid4())
TODAY = "2026-11-21T12:00:00Z"


def paid(subject: UUID, day: date) -> Event:
    return OrderPaidV1(subject=subject, order=uuid4(), day=day)


def anonymised(service: str, subject: UUID, sweep: UUID) -> Event:
    kind: Any = events()[f"{service}.anonymisation.carried_out.v1"]
    event: Event = kind(subject=subject, sweep=sweep, counts={"person": 1})
    return event


def swept(service: str, sweep: UUID) -> Event:
    kind: Any = events()[f"{service}.sweep.carried_out.v1"]
    event: Event = kind(sweep=sweep, counts={"old_rows": 5})
    return event


async def order(door: Open, as_of: str = TODAY) -> Any:
    status, sweep = await door.call("POST", "/sweeps", {"as_of": as_of}, OFFICER)
    assert status == 201
    return sweep


async def shown(door: Open, sweep: str) -> Any:
    status, body = await door.call("GET", f"/sweeps/{sweep}", actor=OFFICER)
    assert status == 200
    return body


@pytest.mark.requirement("G-41")
async def test_only_those_without_any_activity_for_seven_years_are_forgotten(retention: Open) -> None:
    quiet, lately, logged_in, on_the_day = (uuid4() for _ in range(4))
    old = date(2019, 11, 20)
    await retention.hear(
        paid(quiet, old),
        paid(lately, old),
        paid(lately, date(2024, 5, 1)),
        paid(logged_in, old),
        ActivitySeenV1(subject=logged_in, day=date(2020, 1, 1)),
        paid(on_the_day, date(2019, 11, 21)),
        AttendeeAdmittedV1(subject=quiet, event=uuid4(), day=date(2019, 11, 1)),
    )
    sweep = await order(retention)
    assert (sweep["without_activity"], sweep["with_activity"], sweep["done"]) == (1, 3, False)
    await retention.run_timer("carry_on_sweeps")
    number = UUID(sweep["id"])
    told = await retention.said()
    assert [type(one) for one in told] == [SweepOrderedV1, AnonymisationOrderedV1]
    assert [one.subject for one in told if isinstance(one, AnonymisationOrderedV1)] == [quiet]
    await retention.hear(*told)
    await retention.hear(*await retention.said())
    others = sorted(EVERY_SERVICE - {"retention"})
    for service in others:
        assert not (await shown(retention, sweep["id"]))["done"]
        await retention.hear(swept(service, number), swept(service, number))
        await retention.hear(anonymised(service, quiet, number), anonymised(service, quiet, number))
    after = await shown(retention, sweep["id"])
    assert (after["anonymised"], after["done"], after["dry_run"]) == (1, True, False)
    counts = {receipt["service"]: receipt["counts"] for receipt in after["receipts"]}
    assert counts["orders"] == {"old_rows": 5, "person": 1}
    assert counts["retention"]["activity"] == 2
    left = {row["subject_id"] for row in await retention.rows("SELECT subject_id FROM activity")}
    assert left == {lately, logged_in, on_the_day}
    assert await retention.rows("SELECT * FROM sweep_subject") == []
    second = await order(retention)
    assert (second["without_activity"], second["with_activity"]) == (0, 3)


async def test_news_in_any_order_keeps_the_newest_day(retention: Open) -> None:
    person = uuid4()
    for day in (date(2024, 1, 1), date(2026, 1, 1), date(2025, 1, 1)):
        await retention.hear(paid(person, day))
    (row,) = await retention.rows("SELECT kind, day FROM activity")
    assert (row["kind"], row["day"]) == ("purchase", date(2026, 1, 1))
    other = paid(uuid4(), date(2026, 2, 2))
    await retention.hear_together(paid(person, date(2026, 3, 3)), other, paid(person, date(2025, 2, 2)))
    rows = await retention.rows("SELECT day FROM activity ORDER BY day")
    assert [row["day"] for row in rows] == [date(2026, 2, 2), date(2026, 3, 3)]


async def test_whoever_only_placed_an_order_is_forgotten_one_day_too(retention: Open) -> None:
    await retention.hear(OrderPlacedV1(subject=uuid4(), order=uuid4()))
    assert (await order(retention, "2033-11-21T12:00:00Z"))["without_activity"] == 0
    assert (await order(retention, "2033-11-22T00:00:00Z"))["without_activity"] == 1


@pytest.mark.requirement("G-41")
async def test_who_comes_back_before_the_order_went_out_is_not_forgotten(retention: Open) -> None:
    person = uuid4()
    await retention.hear(paid(person, date(2010, 1, 1)))
    sweep = await order(retention)
    assert sweep["without_activity"] == 1
    for service in sorted(EVERY_SERVICE):
        await retention.hear(swept(service, UUID(sweep["id"])))
    await retention.hear(ActivitySeenV1(subject=person, day=date(2026, 11, 21)))
    await retention.run_timer("carry_on_sweeps")
    assert [one for one in await retention.said() if isinstance(one, AnonymisationOrderedV1)] == []
    ended = await shown(retention, sweep["id"])
    assert (ended["without_activity"], ended["with_activity"], ended["done"]) == (0, 1, True)


async def test_orders_are_repeated_until_every_service_answered(retention: Open) -> None:
    person = uuid4()
    await retention.hear(paid(person, date(2010, 1, 1)))
    sweep = UUID((await order(retention))["id"])
    await retention.run_timer("carry_on_sweeps")
    await retention.said()
    for service in sorted(EVERY_SERVICE):
        await retention.hear(swept(service, sweep))
    for service in sorted(EVERY_SERVICE)[:-1]:
        await retention.hear(anonymised(service, person, sweep))
    retention.clock.move(timedelta(seconds=31))
    await retention.run_timer("carry_on_sweeps")
    assert [type(one) for one in await retention.said()] == [AnonymisationOrderedV1]
    await retention.hear(anonymised(sorted(EVERY_SERVICE)[-1], person, sweep))
    assert (await shown(retention, str(sweep)))["done"]
    retention.clock.move(timedelta(hours=3))
    await retention.run_timer("carry_on_sweeps")
    assert await retention.said() == []


@pytest.mark.requirement("W-20")
async def test_in_production_a_date_to_come_only_counts(in_production: Open) -> None:
    await in_production.hear(paid(uuid4(), date(2026, 1, 1)))
    sweep = await order(in_production, "2034-01-01T00:00:00Z")
    assert (sweep["dry_run"], sweep["without_activity"], sweep["done"]) == (True, 1, True)
    await in_production.run_timer("carry_on_sweeps")
    assert await in_production.said() == []
    sweep = await order(in_production)
    assert (sweep["dry_run"], sweep["without_activity"]) == (False, 0)


async def test_a_sweep_that_never_ends_forgets_its_list_after_a_year(retention: Open) -> None:
    await retention.hear(paid(uuid4(), date(2010, 1, 1)))
    await order(retention)
    retention.clock.move(timedelta(days=360))
    await retention.run_timer("forget_stalled")
    assert len(await retention.rows("SELECT * FROM sweep_subject")) == 1
    retention.clock.move(timedelta(days=10))
    await retention.run_timer("forget_stalled")
    assert await retention.rows("SELECT * FROM sweep_subject") == []


async def test_sweeps_are_for_the_privacy_officer(retention: Open) -> None:
    visitor = Actor(Role.VISITOR, uuid4())
    assert (await retention.call("POST", "/sweeps", {"as_of": TODAY}, visitor))[0] == 403
    assert (await retention.call("GET", f"/sweeps/{uuid4()}", actor=OFFICER))[0] == 404
    first, second = (await order(retention))["id"], (await order(retention))["id"]
    _, listed = await retention.call("GET", "/sweeps", actor=OFFICER)
    assert {sweep["id"] for sweep in listed["sweeps"]} == {first, second}


@pytest.mark.requirement("G-41")
async def test_the_command_orders_the_same_sweep(retention: Open, place: Premises, ledger_path: Path) -> None:
    await retention.hear(paid(uuid4(), date(2010, 1, 1)), paid(uuid4(), date(2026, 11, 1)))
    told = place.settings("retention", erasure_ledger=ledger_path)
    environment = {f"AVONDKASSA_{key.upper()}": str(value) for key, value in told.items()}

    async def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "services.retention", *arguments],
            env={**os.environ, **environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    done = await run("sweep", "--as-of", "2026-11-21T12:00:00Z")
    assert (done.returncode, done.stderr) == (0, "")
    figures = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert (figures["without_activity"], figures["with_activity"], figures["done"]) == ("1", "1", "no")
    assert [type(one) for one in await retention.said()] == [SweepOrderedV1]
    waited = await run("sweep", "--as-of", "2026-11-21T12:00:00Z", "--wait", "--timeout", "1")
    assert waited.returncode == 1
    wrong = await run("sweep", "--as-of", "tomorrow")
    assert wrong.returncode == 2


async def test_answers_that_come_together_count_once_each(retention: Open) -> None:
    people = [uuid4() for _ in range(3)]
    for person in people:
        await retention.hear(paid(person, date(2010, 1, 1)))
    sweep = UUID((await order(retention))["id"])
    await retention.run_timer("carry_on_sweeps")
    for service in sorted(EVERY_SERVICE):
        await retention.hear(swept(service, sweep))
        answers = [anonymised(service, person, sweep) for person in (*people, people[0])]
        await retention.hear_together(*answers)
    ended = await shown(retention, str(sweep))
    assert (ended["anonymised"], ended["without_activity"], ended["done"]) == (3, 3, True)
    assert [receipt["counts"]["person"] for receipt in ended["receipts"]] == [3] * len(EVERY_SERVICE)
