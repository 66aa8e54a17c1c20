"""The processes of one instance together: started one by one, stopped in the right order."""

import asyncio
from dataclasses import dataclass, field

from deploy.local import records
from deploy.local.instance import Instance
from deploy.local.processes import Program, Running
from deploy.local.screen import Screen


@dataclass
class Group:
    """What runs for an instance. `close` may be called at any moment, also half-way through a start."""

    instance: Instance
    screen: Screen
    _running: list[Running] = field(default_factory=list, init=False)

    async def start(self, program: Program) -> None:
        """Start a program and wait until it is ready; from then on it is brought back when it dies.

        Raises NotReady.
        """
        one = Running(program, self.instance, self.screen.say)
        self._running.append(one)
        await one.start()
        self.screen.say(f"{program.name} ready")

    async def close(self) -> None:
        """Stop services first, then the broker, then the database: none loses what it stands on."""
        services = [one for one in self._running if one.program.phase == records.SERVICES]
        await asyncio.gather(*(one.stop() for one in services))
        # The rest goes in the opposite order of its start: Erlang's name server after the broker.
        ground = [one for one in reversed(self._running) if one.program.phase != records.SERVICES]
        for one in sorted(ground, key=lambda one: one.program.phase):
            await one.stop()
        self._running.clear()
