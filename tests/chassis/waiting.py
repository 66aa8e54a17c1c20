"""Waiting for something that will come true by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any


async def until(true: Callable[[], Any | Awaitable[Any]], seconds: float = 20.0) -> None:
    """Wait until a callable, async or not, says something true; TimeoutError when it does not in time."""
    async with asyncio.timeout(seconds):
        while not await _said(true):  # noqa: ASYNC110 - what is waited for has no event of ours
            await asyncio.sleep(0.05)


async def _said(true: Callable[[], Any | Awaitable[Any]]) -> Any:
    said = true()
    return await said if asyncio.iscoroutine(said) else said
