"""The benchmark cannot lie: what fails is counted, and no goal holds on it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.bench.__main__ import run
from tests.bench.figure import Figure, Goal, Reference
from tests.bench.knocking import knock
from tests.bench.load import Load, Tally, measure
from tests.bench.part import Bench
from tests.bench.results import keep, merged, summary


async def _open(status: int, wait: float = 0.0, every: int = 1) -> tuple[web.AppRunner, str]:
    """A door that answers with this status, or only each so many times and 200 otherwise."""
    asked = 0

    async def answer(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        answered = status if asked % every == 0 else 200
        await asyncio.sleep(wait)
        return web.json_response({}, status=answered)

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}/"


async def _measured(load_of: Any, **door: Any) -> Tally:
    runner, url = await _open(**door)
    try:
        return await measure(load_of(url))
    finally:
        await runner.cleanup()


def _closed(url: str) -> Load:
    return Load(knock, url, clients=3, journeys=30)


def _figure(tally: Tally) -> Figure:
    return Figure("knocks", tally.per_second(), "1/s", Goal(1), sent=tally.sent())


async def test_good_answers_hold_a_goal() -> None:
    tally = await _measured(_closed, status=200)
    assert len(tally.journeys) == len(tally.steps["knock"]) == 30
    assert tally.generator_cpu > 0
    assert _figure(tally).holds is True


async def test_a_house_that_answers_500_holds_no_goal() -> None:
    tally = await _measured(_closed, status=500)
    figure = _figure(tally)
    assert tally.failed == {"knock: 500": 30}
    assert tally.per_second() == 0
    assert figure.holds is False
    assert not figure.sound
    assert "failed: knock: 500 × 30" in "\n".join(figure.lines())


async def test_one_failure_among_many_spoils_a_fast_figure() -> None:
    figure = _figure(await _measured(_closed, status=500, every=30))
    assert figure.value >= 1
    assert figure.sent is not None
    assert sum(figure.sent.failed.values()) == 1
    assert figure.holds is False


async def test_a_door_that_is_shut_is_a_failure() -> None:
    runner, url = await _open(200)
    await runner.cleanup()
    tally = await measure(Load(knock, url, clients=1, journeys=2))
    assert sum(tally.failed.values()) == 2
    assert not _figure(tally).sound


async def test_nothing_measured_is_not_sound() -> None:
    assert not _figure(Tally(seconds=1.0)).sound


async def test_an_open_load_counts_the_queue_that_a_slow_house_makes() -> None:
    """Ten clients' worth of journeys at one client: the last waited for all before it."""

    def planned(url: str) -> Load:
        return Load(knock, url, clients=1, journeys=10, rate=1000)

    tally = await _measured(planned, status=200, wait=0.02)
    assert max(tally.journeys) > 5 * min(tally.journeys)


def test_a_goal_is_about_the_ratio_where_there_is_a_reference() -> None:
    assert Figure("a", 15, "1/s", Goal(1.5), reference=Reference("r", 10)).holds is True
    assert Figure("a", 14, "1/s", Goal(1.5), reference=Reference("r", 10)).holds is False
    assert Figure("a", 2, "s", Goal(2, at_most=True)).holds is True
    assert Figure("a", 2, "s").holds is None


def test_results_are_merged_by_name(tmp_path: Path) -> None:
    path = tmp_path / "bench" / "results.json"
    keep([Figure("a", 1, "s"), Figure("b", 2, "s")], {"commit": "old"}, path)
    keep([Figure("b", 3, "s")], {"commit": "new"}, path)
    kept = merged(json.loads(path.read_text()), [], {})["figures"]
    found = {one["name"]: (one["value"], one["run"]["commit"]) for one in kept}
    assert found == {"a": (1, "old"), "b": (3, "new")}


def test_the_last_line_counts_what_holds_and_what_does_not() -> None:
    known = [Figure("a", 1, "s", Goal(1)), Figure("b", 0, "s", Goal(1)), Figure("c", 0, "s")]
    assert summary(known) == "bench: 3 figures, 1 goals hold, 1 missed"


async def test_a_part_that_breaks_is_no_sound_run(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    async def breaks(_: Bench) -> AsyncIterator[Figure]:
        yield Figure("before", 1, "s")
        raise RuntimeError("the house fell over")

    figures, sound = await run({"breaking": breaks}, quick=True, folder=tmp_path)
    assert [one.name for one in figures] == ["before"]
    assert not sound
    assert "the house fell over" in capsys.readouterr().err
