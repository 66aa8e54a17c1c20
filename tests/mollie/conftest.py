"""A simulator process of its own for each test that asks for one, and a shop that listens to webhooks."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import requests
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from mollie.api.client import Client

ROOT = Path(__file__).parents[2]
KEY = "test_dHar4XY7LxsDOtmnkVtjNVWXLSlXsM"
QUICK = {
    "MOLLIE_SIM_WEBHOOK_PAUSES": "0.2,0.2,0.2",
    "MOLLIE_SIM_WEBHOOK_TIMEOUT": "1",
    "MOLLIE_SIM_REFUND_SECONDS": "0.3",
    "MOLLIE_SIM_SILENCE_SECONDS": "3",
}


def wait_until(holds: Callable[[], Any], seconds: float = 8.0) -> Any:
    """The first true value of ``holds``; fails the test when there is none in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = holds()
        if value:
            return value
        time.sleep(0.03)
    raise AssertionError("what was waited for did not happen")


def free_port() -> int:
    """A port that is free now."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@dataclass
class Simulator:
    """A running simulator."""

    url: str
    process: subprocess.Popen[bytes]
    state: Path

    def client(self, key: str = KEY, timeout: int = 5) -> Client:
        """The official client, pointed at the simulator and otherwise unchanged."""
        client = Client(api_endpoint=self.url, timeout=timeout, retry=0)
        client.set_api_key(key)
        return client

    def faults(self, **faults: object) -> None:
        """Orders faults."""
        requests.post(f"{self.url}/_simulator/faults", json=faults, timeout=5).raise_for_status()

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """Ends the process; its exit status."""
        self.process.send_signal(sign)
        return self.process.wait(10)


@contextmanager
def running(state: Path, **environ: str) -> Iterator[Simulator]:
    """A simulator process with this state, stopped at the end."""
    port = free_port()
    env = {**os.environ, **QUICK, "MOLLIE_SIM_PORT": str(port), "MOLLIE_SIM_STATE": str(state), **environ}
    process = subprocess.Popen([sys.executable, "-m", "deploy.local.mollie"], cwd=ROOT, env=env)
    simulator = Simulator(f"http://127.0.0.1:{port}", process, state)
    try:
        wait_until(lambda: answers(simulator.url))
        yield simulator
    finally:
        if process.poll() is None:
            simulator.stop()


def answers(url: str) -> bool:
    """Whether something speaks HTTP there."""
    try:
        return requests.get(url, timeout=1).status_code > 0
    except requests.RequestException:
        return False


@pytest.fixture(scope="module")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    """One well-behaved simulator for the tests of a file."""
    with running(tmp_path_factory.mktemp("mollie") / "state.sqlite") as started:
        yield started


@pytest.fixture
def mollie(simulator: Simulator) -> Iterator[Client]:
    """The official client with a test key; faults are taken back afterwards."""
    yield simulator.client()
    requests.delete(f"{simulator.url}/_simulator/faults", timeout=5)


@dataclass
class Shop:
    """Listens to webhooks: what came, and what it answers (the last status again and again)."""

    url: str
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=lambda: [200])
    slow_seconds: float = 0.0

    def ids(self) -> list[str]:
        """The payment ids of all calls, in order of arrival."""
        return [body.decode().removeprefix("id=") for _, body in self.heard]


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A web server of its own on a free port."""
    heard = Shop("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.heard.append((self.headers["Content-Type"], body))
            status = heard.statuses.pop(0) if len(heard.statuses) > 1 else heard.statuses[0]
            time.sleep(heard.slow_seconds)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Tests read what was heard, not a log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard.url = f"http://127.0.0.1:{server.server_address[1]}/webhooks/mollie"
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield heard
    server.shutdown()
    server.server_close()


def order(amount: str = "24.50", **more: object) -> dict[str, object]:
    """A payment request as the shop makes it."""
    return {
        "amount": {"currency": "EUR", "value": amount},
        "description": "Order 1042",
        "redirectUrl": "http://localhost:8080/order/1042",
        **more,
    }


def choose(payment: Any, status: str, **more: str) -> requests.Response:
    """The customer presses a button on the hosted page; the redirect is not followed."""
    form = {"status": status, **more}
    return requests.post(payment.checkout_url, data=form, allow_redirects=False, timeout=5)


@pytest.fixture
async def aiohttp_client_of() -> AsyncIterator[Callable[[web.Application], Awaitable[TestClient[Any, Any]]]]:
    """Starts an application inside the test, for tests that move the clock."""
    clients: list[TestClient[Any, Any]] = []

    async def start(app: web.Application) -> TestClient[Any, Any]:
        clients.append(TestClient(TestServer(app)))
        await clients[-1].start_server()
        return clients[-1]

    yield start
    for client in clients:
        await client.close()
