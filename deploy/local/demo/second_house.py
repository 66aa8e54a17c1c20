"""An instance of its own beside the running one: made, used, and gone without a trace."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from deploy.local.demo.expecting import Unmet
from deploy.local.demo.story import House
from deploy.local.environment import plain
from deploy.local.instance import ROOT


@asynccontextmanager
async def second_house(beside: Path) -> AsyncIterator[House]:
    """A new house with the season loaded, on free ports, in `<beside>-later`; deleted at the end."""
    folder = beside.with_name(f"{beside.name}-later")
    await _house("reset", folder)
    try:
        await _house("start", folder)
        yield House.read(folder)
    finally:
        await _house("reset", folder)


async def retention(house: House, *arguments: str) -> str:
    """Run `python -m services.retention …` with the settings of that house's own retention."""
    lines = (house.folder / "env" / "retention.env").read_text().splitlines()
    settings = dict(line.split("=", 1) for line in lines if "=" in line)
    return await _run(["-m", "services.retention", *arguments], plain() | settings)


async def _house(command: str, folder: Path) -> None:
    environment = {**os.environ, "AVONDKASSA_RUN": str(folder), "AVONDKASSA_PORTS": "free"}
    await _run(["-m", "deploy.local", command], environment)


async def _run(arguments: list[str], environment: dict[str, str]) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        tail = said.decode(errors="replace").strip().splitlines()[-3:]
        raise Unmet(f"python {' '.join(arguments)} succeeds (it said: {' / '.join(tail)})")
    return said.decode(errors="replace")
