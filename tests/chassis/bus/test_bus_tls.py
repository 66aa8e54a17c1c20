"""TLS to the broker by configuration: said and heard, and refused to whoever is not who they should be."""

from __future__ import annotations

from pathlib import Path

import pytest

from chassis.clock import SystemClock
from chassis.faults import PublishRefused
from chassis.metrics import Metrics
from chassis.process import Process
from chassis.publisher import BrokerAddress, Publisher
from chassis.settings import Settings
from chassis.tls import trusting
from deploy.topology.secrets import Secrets
from tests.chassis.authority import Authority
from tests.chassis.bus import toy_app
from tests.chassis.bus.conftest import Secure
from tests.chassis.bus.test_bus_publisher import ALLOWED, row
from tests.chassis.database.conftest import Toy
from tests.chassis.rabbitmq import Broker
from tests.chassis.waiting import until


async def say(toy: Toy, host: str, port: int, authority: Path | None) -> None:
    password = Secrets(toy.secrets).broker_password("orders")
    address = BrokerAddress(host, port, "/", "orders", password, trusting(authority))
    publisher = Publisher(address, Metrics("orders"))
    try:
        await publisher.publish(row(ALLOWED))
    finally:
        await publisher.close()


async def test_a_letter_is_said_to_a_broker_that_shows_its_name(
    toy: Toy, broker: Broker, secure: Secure
) -> None:
    await say(toy, "localhost", secure.port, secure.authority.file)


async def test_nothing_is_said_to_another_authority_another_name_or_in_plain(
    toy: Toy, broker: Broker, secure: Secure, tmp_path: Path
) -> None:
    stranger = Authority(tmp_path, "stranger")
    for host, port, authority in (
        ("localhost", secure.port, stranger.file),
        ("127.0.0.1", secure.port, secure.authority.file),
        ("localhost", broker.port, secure.authority.file),
        ("localhost", secure.port, None),
    ):
        with pytest.raises(PublishRefused) as told:
            await say(toy, host, port, authority)
        assert told.value.reason == "away"


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_service_listens_by_tls_when_its_settings_name_an_authority(
    toy: Toy, broker: Broker, secure: Secure, settings: Settings, tmp_path: Path, trusted: bool
) -> None:
    authority = secure.authority if trusted else Authority(tmp_path, "stranger")
    told = {"broker_host": "localhost", "broker_port": secure.port, "broker_ca": authority.file}
    own = settings.model_copy(update=told)
    clock = SystemClock()
    process = Process(toy_app.compose(own, clock), own, clock)
    await process.start()
    expected = "well" if trusted else "away"
    await until(lambda: process.readiness.told()["parts"]["broker"] == expected)
    await process.stop()


def test_an_authority_that_is_not_there_is_no_reason_to_speak_in_plain(tmp_path: Path) -> None:
    assert trusting(None) is None
    with pytest.raises(FileNotFoundError):
        trusting(tmp_path / "nowhere.pem")
