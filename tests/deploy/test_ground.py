"""Starting, crashing, coming back, stopping: on a real PostgreSQL and a real RabbitMQ of our own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aio_pika
import asyncpg
import psutil
import pytest

from deploy.local import ports, postgres, rabbitmq, records
from deploy.local.instance import Instance
from deploy.local.ports import Ports

pytestmark = pytest.mark.house


@dataclass
class Stage:
    """An instance that runs the ground of the house in a process of its own."""

    folder: Path
    process: subprocess.Popen[str] | None = None

    def environment(self, wish: str | None = None) -> dict[str, str]:
        chosen = {"AVONDKASSA_PORTS": wish} if wish else {}
        return {**os.environ, "AVONDKASSA_RUN": str(self.folder), **chosen}

    def start(self, wish: str | None = None) -> None:
        (self.folder / "endpoints.json").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.deploy.ground"],
            env=self.environment(wish),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        until(lambda: (self.folder / "endpoints.json").exists() or self.process.poll() is not None, 60)
        if self.process.poll() is not None:
            raise AssertionError(self.process.stdout.read())

    def command(self, name: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "deploy.local", name]
        return subprocess.run(command, env=self.environment(), capture_output=True, text=True, check=False)

    def endpoints(self) -> dict[str, Any]:
        return json.loads((self.folder / "endpoints.json").read_text())

    def pids(self) -> dict[str, int]:
        return records.living(self.folder / "pids")

    def write_down_queues(self) -> None:
        """RabbitMQ writes down that a queue exists a moment after it said so; here the moment is over."""
        broker = rabbitmq.of(Instance(self.folder, ports.choose(self.folder, None)))
        command = [str(broker.scripts / "rabbitmqctl"), "eval", "mnesia:sync_log()."]
        subprocess.run(command, env=rabbitmq.tools_environment(broker), capture_output=True, check=True)

    def kill(self, *names: str) -> None:
        for pid in [self.pids()[name] for name in names]:
            os.kill(pid, signal.SIGKILL)


def until(holds: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "this took too long"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stage, Stage]]:
    """Two instances at the same time. pytest's folders are closed to others, as /root is."""
    both = tuple(Stage(tmp_path_factory.mktemp(name) / "run") for name in ("first", "second"))
    bases = ("24000", "25000") if _free(24000) and _free(25000) else ("free", "free")
    with ThreadPoolExecutor() as pool:
        list(pool.map(Stage.start, both, bases))
    yield both
    for stage in both:
        stage.command("reset")


def _free(base: int) -> bool:
    return not list(ports.taken(Ports(base)))


async def test_data_and_messages_survive_the_death_of_everything(stages: tuple[Stage, Stage]) -> None:
    stage, _ = stages
    await _leave_something(stage.endpoints())
    stage.write_down_queues()
    stage.process.kill()
    stage.kill("postgres", "rabbitmq")
    stage.process.wait()
    orphan = stage.pids()["service"]
    _make_the_pid_file_lie(stage.folder)

    stage.start()

    assert not psutil.pid_exists(orphan), "what the crash left behind is stopped before a new one starts"
    assert await _find_something(stage.endpoints()) == ("kept", b"carried")


async def test_what_dies_is_brought_back(stages: tuple[Stage, Stage]) -> None:
    stage, _ = stages
    before = stage.pids()
    stage.kill("service", "postgres")
    dead = ("service", "postgres")
    until(lambda: all(stage.pids().get(name, before[name]) != before[name] for name in dead), 20)

    def answers() -> bool:
        try:
            return urllib.request.urlopen(stage.endpoints()["service"]).status == 200
        except OSError:
            return False

    until(answers, 20)
    until(lambda: _connects(stage), 20)
    assert stage.pids()["rabbitmq"] == before["rabbitmq"], "the others stay as they are"


def test_a_taken_port_is_said_with_its_use_and_a_way_out(tmp_path: Path) -> None:
    base = ports.free_base()
    with socket.create_server(("127.0.0.1", Ports(base)["postgres"])):
        stage = Stage(tmp_path / "run")
        with pytest.raises(AssertionError) as said:
            stage.start(str(base))
    for words in (f"{base + 63}  wanted for PostgreSQL", "held by", "AVONDKASSA_PORTS="):
        assert words in str(said.value)
    assert stage.pids() == {}


def test_a_second_start_of_a_running_instance_leaves_it_alone(stages: tuple[Stage, Stage]) -> None:
    stage, _ = stages
    before = stage.pids()
    assert "runs already" in stage.command("start").stdout + stage.command("run").stdout
    assert stage.pids() == before


def test_stop_and_reset_of_one_instance_leave_the_other_alone(stages: tuple[Stage, Stage]) -> None:
    first, second = stages
    of_first, of_second = first.pids(), second.pids()
    said = second.command("stop")
    assert said.returncode == 0, said.stderr
    assert said.stdout.splitlines()[-1] == "The house is stopped."
    assert second.process.wait(5) == 0
    assert not any(psutil.pid_exists(pid) for pid in of_second.values())
    assert not (second.folder / "endpoints.json").exists()
    assert (second.folder / "postgres").exists() or os.geteuid() == 0
    assert "was not running" in second.command("stop").stdout

    assert second.command("reset").returncode == 0
    assert not second.folder.exists()
    assert first.pids() == of_first
    assert first.command("status").returncode == 0


def test_reset_and_run_refuse_a_folder_of_others(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    for command in ("reset", "run"):
        said = Stage(tmp_path).command(command)
        assert said.returncode == 1
        assert str(tmp_path) in said.stderr
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


async def _leave_something(at: dict[str, Any]) -> None:
    sql = await asyncpg.connect(at["database"])
    await sql.execute("CREATE TABLE drawer (word text)")
    await sql.execute("INSERT INTO drawer VALUES ('kept')")
    await sql.close()
    broker = await aio_pika.connect(at["broker"])
    channel = await broker.channel(publisher_confirms=True)
    queue = await channel.declare_queue("drawer", durable=True)
    message = aio_pika.Message(b"carried", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
    await channel.default_exchange.publish(message, routing_key=queue.name)
    await broker.close()


async def _find_something(at: dict[str, Any]) -> tuple[str, bytes]:
    sql = await asyncpg.connect(at["database"])
    word = await sql.fetchval("SELECT word FROM drawer")
    await sql.close()
    broker = await aio_pika.connect(at["broker"])
    channel = await broker.channel()
    message = await (await channel.declare_queue("drawer", durable=True, passive=True)).get(no_ack=True)
    await broker.close()
    return word, message.body


def _make_the_pid_file_lie(folder: Path) -> None:
    """After a crash the pid in postmaster.pid may belong to anybody: here, to this test."""
    data = postgres.of(Instance(folder, ports.choose(folder, None))).data
    lines = (data / "postmaster.pid").read_text().splitlines()
    (data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")


def _connects(stage: Stage) -> bool:
    at = stage.endpoints()["database"]
    port = int(at.rsplit(":", 1)[1].split("/")[0])
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
