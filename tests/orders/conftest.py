"""orders on a real PostgreSQL with its real roles and grants, and on the real Mollie simulator."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest
import requests

from chassis.charter import Charter
from chassis.service import Service
from chassis.testing import SetClock, running
from contracts.actors import Actor
from deploy.topology import database, secrets
from services.orders.app import compose
from services.orders.settings import OrdersSettings
from tests.chassis.postgres import Server, running_server
from tests.mollie.conftest import KEY, Simulator
from tests.mollie.conftest import running as simulating
from tests.orders.stage import Evening, Stage, empty, own_dsn, put_on, visitor

ROOT = Path(__file__).parents[2]
ISSUERS = ("accounts", "gateway")


@dataclass
class Ground:
    """What all tests of orders stand on."""

    server: Server
    secrets: Path

    @property
    def dsn(self) -> str:
        return own_dsn(self.server.dsn)


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A server with orders' database, made by the topology that makes the real one."""
    charters = {"orders": Charter.read(ROOT / "services" / "orders" / "charter.toml")}
    folder = tmp_path_factory.mktemp("orders") / "secrets"
    secrets.ensure(folder, charters)
    (folder / "orders" / "mollie").write_text(KEY)
    for issuer in ISSUERS:
        _issuer(folder, issuer)
    with running_server() as server:
        asyncio.run(database.apply(server.dsn, folder, charters, ROOT))
        yield Ground(server, folder)


def _issuer(folder: Path, issuer: str) -> None:
    """A neighbour's signing key, whose public half orders knows."""
    from tests.chassis.shop import key_pair

    private, public = key_pair()
    (folder / issuer).mkdir(exist_ok=True)
    (folder / issuer / "signing.pem").write_bytes(private)
    (folder / "orders" / "keys" / f"{issuer}.1.pub.pem").write_bytes(public)


@pytest.fixture(scope="session")
def mollie(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One simulator for all tests of orders; webhooks go nowhere unless a test sends them."""
    with simulating(tmp_path_factory.mktemp("mollie") / "state.sqlite") as started:
        yield started


@pytest.fixture(autouse=True)
def well_behaved(request: pytest.FixtureRequest) -> Iterator[None]:
    """Faults that a test ordered end with it."""
    yield
    if "mollie" in request.fixturenames:
        requests.delete(f"{request.getfixturevalue('mollie').url}/_simulator/faults", timeout=5)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(datetime(2026, 11, 21, 12, tzinfo=UTC))


@pytest.fixture
def settings(ground: Ground, mollie: Simulator, monkeypatch: pytest.MonkeyPatch) -> OrdersSettings:
    """The settings of a process whose timers rest until a test calls them."""
    return OrdersSettings(
        service="orders",
        port=0,
        database_port=ground.server.port,
        database_name=database.database_of("orders"),
        broker_port=9,
        secrets=ground.secrets / "orders",
        house=ROOT / "deploy" / "house.toml",
        environment="local",
        mollie_endpoint=mollie.url,
        mollie_read_seconds=2,
        expire_seconds=3600,
        reconcile_seconds=3600,
        refund_seconds=3600,
        announce_seconds=3600,
        catalogue_seconds=0,
        grace_seconds=1,
        chargeback_seconds=3600,
    )


@pytest.fixture
async def opened(
    ground: Ground, settings: OrdersSettings, clock: SetClock
) -> AsyncIterator[tuple[Service, Stage]]:
    """The whole service on emptied tables."""
    await empty(ground.dsn)
    async with (
        running(compose, settings, clock) as (service, process),
        aiohttp.ClientSession() as session,
    ):
        base = f"http://127.0.0.1:{process.port}"
        yield service, Stage(ground.dsn, base, ground.secrets, clock, session)


@pytest.fixture
def stage(opened: tuple[Service, Stage]) -> Stage:
    return opened[1]


@pytest.fixture
def service(opened: tuple[Service, Stage]) -> Service:
    return opened[0]


@pytest.fixture
async def evening(stage: Stage, clock: SetClock) -> Evening:
    """Forty numbered seats and twenty standing places."""
    return await put_on(stage.dsn, clock.now())


@pytest.fixture
def noor() -> Actor:
    return visitor()
