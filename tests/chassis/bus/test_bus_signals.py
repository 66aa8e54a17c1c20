"""A service as a process of its own: alive at once, ready when it can be, gone with 0 on SIGTERM."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from chassis.settings import Settings
from deploy.local.ports import free_base
from tests.chassis.waiting import until

ROOT = Path(__file__).parents[3]


async def started(settings: Settings, **changes: object) -> tuple[asyncio.subprocess.Process, str]:
    """Start the toy with these settings; the process and its address."""
    wanted = settings.model_dump(exclude_none=True) | {"port": free_base()} | changes
    environment = {f"AVONDKASSA_{name.upper()}": str(value) for name, value in wanted.items()}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.chassis.bus.toy_app",
        cwd=ROOT,
        env=os.environ | environment,
        stdout=asyncio.subprocess.PIPE,
    )
    return process, f"http://127.0.0.1:{wanted['port']}"


async def status(url: str) -> int | None:
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status
    except aiohttp.ClientError:
        return None


async def reached(url: str, wanted: int) -> None:
    async def so() -> bool:
        return await status(url) == wanted

    await until(so)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_it_stops_with_grace_and_tells_so_in_json(settings: Settings, number: signal.Signals) -> None:
    process, address = await started(settings)
    await reached(address + "/readyz", 200)
    process.send_signal(number)
    out, _ = await asyncio.wait_for(process.communicate(), 15)
    assert process.returncode == 0
    lines = [json.loads(line) for line in out.decode().splitlines()]
    assert [line["event"] for line in lines][-1] == "stopped"
    assert {line["service"] for line in lines} == {"orders"}


async def test_it_lives_without_database_and_broker(settings: Settings) -> None:
    process, address = await started(settings, database_port=9, broker_port=9)
    await reached(address + "/livez", 200)
    await reached(address + "/readyz", 503)
    assert await status(address + "/metrics") == 200
    process.terminate()
    await asyncio.wait_for(process.communicate(), 15)
    assert process.returncode == 0
