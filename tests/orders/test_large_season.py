"""The large season: 120 evenings to come, and eight years of orders with which every law of a sale holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import asyncpg
import pytest

from deploy.local import sizes
from deploy.local.instance import Instance
from deploy.local.ports import Ports
from deploy.local.season import large, orders
from deploy.local.season.programme import read_season
from tests.orders.conftest import Ground
from tests.orders.laws import broken
from tests.orders.stage import empty

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_there_are_120_evenings_to_come_each_with_an_address_of_its_own() -> None:
    season = read_season(NOW, large.programme)
    assert len(season.events) == 120
    assert len({event.facts["slug"] for event in season.events}) == 120
    assert all(event.starts_at > NOW for event in season.events)


async def test_what_eight_years_left_keeps_every_law_of_a_sale(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large, "ORDERS", 2000)
    await empty(ground.dsn)
    connection = await asyncpg.connect(ground.dsn)
    try:
        async with connection.transaction():
            await orders.load(connection, read_season(NOW))
            await large.load(connection, "orders", NOW)
            assert await broken(connection) == []
            last = await connection.fetchval("SELECT min(placed_on) FROM order_person")
            assert NOW.date() - last > timedelta(days=7 * 365)
            states = await connection.fetch("SELECT state, count(*) FROM placed_order GROUP BY state")
            assert {row["state"] for row in states} == {"paid", "expired"}
    finally:
        await connection.close()
        await empty(ground.dsn)


def test_a_house_that_has_one_season_is_not_started_with_another(tmp_path: Path) -> None:
    instance = Instance(tmp_path, Ports(20_000))
    assert sizes.wanted(instance, {}) == "small"
    assert sizes.wanted(instance, {"SEASON": "large"}) == "large"
    with pytest.raises(sizes.WrongSeason, match="small or large"):
        sizes.wanted(instance, {"SEASON": "huge"})
    instance.founded.write_text("20000\n")
    sizes.keep(instance, "large")
    assert sizes.wanted(instance, {}) == "large"
    with pytest.raises(sizes.WrongSeason, match="make reset deletes it"):
        sizes.wanted(instance, {"SEASON": "small"})
