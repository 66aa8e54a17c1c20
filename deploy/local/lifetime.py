"""One run of an instance: from an empty stage, through ready, to everything stopped again."""

import asyncio
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from deploy.local import instance as instances
from deploy.local import ports, records
from deploy.local.group import Group
from deploy.local.instance import AlreadyRunning, Instance
from deploy.local.processes import NotReady
from deploy.local.rabbitmq import NoBroker
from deploy.local.screen import Screen


class Opens(Protocol):
    """Something that can be brought up: the house, or a smaller one in a test."""

    async def open(self) -> dict[str, Any]:
        """Start everything in the group and return the endpoints."""


def run(instance: Instance, house: Callable[[Group], Opens], *, foreground: bool) -> int:
    """Run until Ctrl-C, SIGTERM or a closed terminal. 0 after a good run, 1 when it did not come up."""
    screen = Screen()
    instances.prepare(instance)
    try:
        with instances.held(instance):
            instance.endpoints.unlink(missing_ok=True)
            for name in records.end_leftovers(instance.pids):
                screen.say(f"{name} was left over from an earlier run; stopped")
            taken = list(ports.taken(instance.ports))
            if taken:
                print(_about_ports(taken), file=sys.stderr)
                return 1
            return asyncio.run(_live(Group(instance, screen), house, foreground))
    except AlreadyRunning:
        print("This house runs already. make stop stops it; AVONDKASSA_RUN=<folder> makes another one.")
        return 1


async def _live(group: Group, house: Callable[[Group], Opens], foreground: bool) -> int:
    asked_to_stop = asyncio.Event()
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(one, asked_to_stop.set)
    waiting = asyncio.create_task(asked_to_stop.wait())
    opening = asyncio.create_task(house(group).open())
    try:
        await asyncio.wait({opening, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if not opening.done():
            opening.cancel()
            await asyncio.wait({opening})
            return 1
        if trouble := opening.exception():
            print("\n".join(_reasons(trouble)), file=sys.stderr, flush=True)
            return 1
        if foreground:
            group.screen.ready(opening.result(), foreground=True)
        await waiting
        return 0
    finally:
        waiting.cancel()
        group.instance.endpoints.unlink(missing_ok=True)
        group.screen.say("stopping")
        await group.close()
        group.screen.say("stopped")


def _reasons(trouble: BaseException) -> list[str]:
    if isinstance(trouble, BaseExceptionGroup):
        return [line for part in trouble.exceptions for line in _reasons(part)]
    if isinstance(trouble, NotReady | NoBroker):
        return [str(trouble)]
    return [line.rstrip() for line in traceback.format_exception(trouble)]


def _about_ports(taken: Sequence[ports.Taken]) -> str:
    lines = ["These ports are in use by other programs:"]
    for one in taken:
        holder = f", held by {one.holder}" if one.holder else ""
        lines.append(f"  {one.port}  wanted for {one.what}{holder}")
    lines += [
        "One number moves all ports of the house. A range that is free now:",
        f"  AVONDKASSA_PORTS={ports.free_base()} make run",
    ]
    return "\n".join(lines)
