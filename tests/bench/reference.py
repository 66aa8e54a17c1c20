"""pgbench on the PostgreSQL of a house, with its settings: what this machine's database can do at all."""

from __future__ import annotations

import asyncio
import os
import re

import asyncpg

from deploy.local import postgres
from deploy.local.instance import Instance
from deploy.local.postgres import SUPERUSER, Postgres
from tests.bench.figure import Reference

CLIENTS = 8
SCALE = 10
DATABASE = "pgbench"
NAME = f"pgbench -N -c {CLIENTS} (scale {SCALE})"


async def pgbench(instance: Instance, seconds: int = 10) -> Reference:
    """Transactions per second of simple updates at default durability; its database is dropped afterwards."""
    server = postgres.of(instance)
    connection = await asyncpg.connect(server.dsn)
    try:
        await connection.execute(f"DROP DATABASE IF EXISTS {DATABASE}")
        await connection.execute(f"CREATE DATABASE {DATABASE}")
        await _run(server, "-i", "-q", "-s", str(SCALE))
        await connection.execute("CHECKPOINT")
        said = await _run(server, "-N", "-c", str(CLIENTS), "-T", str(seconds))
        await connection.execute(f"DROP DATABASE {DATABASE}")
    finally:
        await connection.close()
    found = re.search(r"^tps = ([\d.]+)", said, re.MULTILINE)
    if found is None:
        raise RuntimeError(f"pgbench said nothing of use:\n{said}")
    return Reference(NAME, float(found[1]))


async def _run(server: Postgres, *arguments: str) -> str:
    process = await asyncio.create_subprocess_exec(
        str(server.binaries / "pgbench"),
        *("-h", "127.0.0.1", "-p", str(server.port), "-U", SUPERUSER, *arguments, DATABASE),
        env={**os.environ, "PGPASSWORD": server.password_file.read_text().strip()},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"pgbench failed:\n{said.decode()}")
    return said.decode()
