"""The smallest journey: one request at one door."""

from __future__ import annotations

from tests.bench.load import Client


async def knock(client: Client, url: str) -> None:
    """GET one address."""
    await client.ask("knock", "GET", url)
