"""A co-presenter's receiver that takes every message and acknowledges it, in the benchmark's own process.

The example organiser of the house writes all it holds to a file with each message, so that its own time grows
with the run; what is measured is the house.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg
from aiohttp import web

from deploy.local.endpoints import database_url
from deploy.local.instance import Instance


@asynccontextmanager
async def recipient(*houses: Instance) -> AsyncIterator[None]:
    """Takes the messages of these houses while the block runs."""
    app = web.Application()
    app.router.add_post("/", _acknowledge)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    for house in houses:
        connection = await asyncpg.connect(database_url(house, "sharing", "migrate"))
        await connection.execute(
            "UPDATE endpoint SET url = $1", f"http://localhost:{runner.addresses[0][1]}/"
        )
        await connection.close()
    try:
        yield
    finally:
        await runner.cleanup()


async def _acknowledge(request: web.Request) -> web.Response:
    await request.read()
    return web.json_response({"acknowledged": True, "id": request.headers["webhook-id"]})
