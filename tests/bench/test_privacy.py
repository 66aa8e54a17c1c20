"""The privacy part measures what it says: real doors, real rows, and walls that are really down."""

from __future__ import annotations

import asyncio
import os
import sys
from collections import Counter
from uuid import uuid4

import asyncpg
import pytest

from deploy.local.endpoints import database_url
from deploy.local.instance import ROOT
from deploy.local.readiness import http
from tests.bench.gdpr_operations import SHARES, operations, parts
from tests.bench.gdpr_records import LOADED, Scale, fill, known
from tests.bench.visits import town_of
from tests.bench.walls import Plan, Side, compared
from tests.bench.wire import Connection
from tests.conftest import House
from tests.second_step import rested

FIVE_THOUSAND = Scale(5_000)


async def test_a_round_of_visits_measures_every_step(house: House) -> None:
    await rested(house.instance, house.endpoints["logins"]["organiser"])
    side = Side(house.instance, await town_of(house.instance, house.endpoints))
    await side.round(Plan(rounds=1, visits=2, clients=2))
    figures = compared(side, side)
    assert all(figure.sound for figure in figures), [line for one in figures for line in one.lines()]
    throughput, cpu, *steps = figures
    assert throughput.ratio == 1
    assert throughput.holds is True
    assert cpu.value > 0
    assert all(step.value > 0 for step in steps)


@pytest.mark.parametrize("service", LOADED)
async def test_the_records_of_gdprbench_fit_the_tables(house: House, service: str) -> None:
    """Loaded and rolled back: nobody else in this house meets them."""
    connection = await asyncpg.connect(database_url(house.instance, service, "migrate"))
    transaction = connection.transaction()
    await transaction.start()
    try:
        await fill(connection, service, FIVE_THOUSAND)
        if service == "orders":
            found = await connection.fetch(
                "SELECT order_id FROM order_person WHERE subject_id = $1", known("user", 77)
            )
            told = {known("order", number) for number in FIVE_THOUSAND.orders_of(77)}
            assert {row["order_id"] for row in found} == told
    finally:
        await transaction.rollback()
        await connection.close()


async def test_without_walls_a_service_believes_whoever_calls(house: House) -> None:
    """With them it does not: the same letters are refused by the service as it is shipped."""
    port = house.instance.ports["receiver"] + 1
    settings = (house.folder / "env" / "accounts.env").read_text().splitlines()
    told = dict(line.split("=", 1) for line in settings) | {"AVONDKASSA_PORT": str(port)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.bench.unwalled", "accounts"),
        cwd=ROOT,
        env={**os.environ, **told},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(30):
            while not await http(port, "/readyz")():  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.1)
        letters = {"Authorization": f"Bearer visitor.{uuid4()}."}
        statuses = []
        for door in (f"http://127.0.0.1:{port}", house.endpoints["services"]["accounts"]):
            connection = Connection(door)
            statuses.append((await connection.send("GET", "/people/me/choices", letters, None)).status)
            connection.close()
        assert statuses == [200, 401]
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.parametrize("mix", SHARES)
def test_a_mix_is_what_it_says_and_the_same_each_time(mix: str) -> None:
    slices = parts(mix, 10_000, Scale(100_000), clients=8)
    first = [operation for part in slices for operation in operations(part)]
    assert first == [operation for part in slices for operation in operations(part)]
    counted = Counter(operation.kind for operation in first)
    assert {kind: round(100 * count / len(first)) for kind, count in counted.items()} == pytest.approx(
        dict(SHARES[mix]), abs=2
    )


@pytest.mark.parametrize("mix", SHARES)
def test_clients_of_a_mix_share_no_person(mix: str) -> None:
    """So each client knows the right answer about its own, whatever the others do meanwhile."""
    touched = [
        {operation.person for operation in operations(part)}
        for part in parts(mix, 4_000, FIVE_THOUSAND, clients=4)
    ]
    assert sum(map(len, touched)) == len(set().union(*touched))


def test_growth_asks_about_as_many_persons_at_either_size() -> None:
    """Otherwise more of the draws would be somebody new, and the answer would grow with the table."""
    small, large = Scale(5_000), Scale(50_000)
    counts = []
    for scale in (small, large):
        slices = parts("customer", 4_000, scale, clients=2, round=1, like=small)
        counts.append(len({one.person for part in slices for one in operations(part)}))
    assert counts[1] == pytest.approx(counts[0], rel=0.05)


def test_whoever_is_erased_is_never_asked_about_otherwise() -> None:
    scale = FIVE_THOUSAND
    for mix in SHARES:
        for part in parts(mix, 2_000, scale, clients=2):
            for operation in operations(part):
                assert (operation.person in scale.erasable) == (operation.kind == "delete person")
