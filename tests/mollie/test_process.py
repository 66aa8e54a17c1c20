"""The simulator as a process: what survives it, and where it refuses to start."""

import os
import signal
import subprocess
import sys
import time

import pytest

from tests.mollie.conftest import ROOT, Shop, choose, order, running, wait_until


def test_payments_keys_and_webhooks_survive_a_kill(tmp_path, shop: Shop) -> None:
    state = tmp_path / "state.sqlite"
    shop.statuses = [503, 200]
    with running(state, MOLLIE_SIM_WEBHOOK_PAUSES="1.5,1.5") as first:
        payment = first.client().payments.create(order(webhookUrl=shop.url), idempotency_key="order-1")
        choose(payment, "paid")
        wait_until(lambda: shop.heard)
        time.sleep(0.2)
        first.stop(signal.SIGKILL)
    with running(state) as second:
        assert second.client().payments.get(payment.id).is_paid()
        again = second.client().payments.create(order(webhookUrl=shop.url), idempotency_key="order-1")
        assert again.id == payment.id
        wait_until(lambda: len(shop.heard) == 2)


def test_without_its_file_it_starts_over(tmp_path) -> None:
    state = tmp_path / "state.sqlite"
    with running(state) as first:
        first.client().payments.create(order())
        first.stop(signal.SIGKILL)
    assert (tmp_path / "state.sqlite-wal").exists()
    state.unlink()
    with running(state) as second:
        assert second.client().payments.list().count == 0


def test_it_stops_when_asked(tmp_path) -> None:
    with running(tmp_path / "state.sqlite") as simulator:
        assert simulator.stop() == 0


@pytest.mark.requirement("W-34")
@pytest.mark.parametrize("environment", ["production", "Production"])
def test_it_refuses_production(tmp_path, environment: str) -> None:
    env = {**os.environ, "AVONDKASSA_ENVIRONMENT": environment, "MOLLIE_SIM_STATE": str(tmp_path / "s")}
    refused = subprocess.run(
        [sys.executable, "-m", "deploy.local.mollie"], cwd=ROOT, env=env, capture_output=True, timeout=20
    )
    assert refused.returncode == 2
    assert b"refuses to start in production" in refused.stderr
    assert not (tmp_path / "s").exists()


def test_it_wants_to_know_where_to_keep_its_state() -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith("MOLLIE_SIM")}
    refused = subprocess.run(
        [sys.executable, "-m", "deploy.local.mollie"], cwd=ROOT, env=env, capture_output=True, timeout=20
    )
    assert (refused.returncode, b"MOLLIE_SIM_STATE" in refused.stderr) == (2, True)
