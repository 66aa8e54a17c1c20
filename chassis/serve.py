"""The main program of every service: `serve(compose)` in its app.py."""

from __future__ import annotations

import asyncio
import gc
import signal
import typing
from collections.abc import Callable
from typing import Any, TypeVar

import uvloop

from chassis import log
from chassis.clock import Clock, SystemClock
from chassis.process import Process
from chassis.service import Service, workplace_of
from chassis.settings import Settings
from chassis.timers import Timer

__all__ = ["Service", "Timer", "serve", "workplace_of"]

# A service makes many short-lived objects and hardly a cycle: Python's default of 700 spends a sixth of the
# time looking through everything that was ever imported.
COLLECT_AFTER = (50_000, 20, 20)

S = TypeVar("S", bound=Settings)


def serve(compose: Callable[[S, Clock], Service]) -> None:
    """Run a service until SIGTERM or SIGINT; settings are read as the class that `compose` asks for."""
    settings = settings_for(compose)()
    log.configure(settings.service)
    uvloop.run(_live(compose, settings))


def settings_for(compose: Callable[..., Service]) -> type[Any]:
    """The settings class in the annotation of compose's first parameter."""
    hints = typing.get_type_hints(compose)
    first = next(iter(hints.values()))
    assert isinstance(first, type), "the first parameter of compose is a Settings class"
    assert issubclass(first, Settings), "the first parameter of compose is a Settings class"
    return first


async def _live(compose: Callable[[S, Clock], Service], settings: S) -> None:
    clock = SystemClock()
    process = Process(compose(settings, clock), settings, clock)
    asked = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked.set)
    await process.start()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)
    await asked.wait()
    await process.stop()
