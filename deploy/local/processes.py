"""Programs of the house: start them, know when they are ready, bring them back when they die, stop them."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.local import records
from deploy.local.instance import ROOT, Instance
from deploy.local.readiness import Ready

Say = Callable[[str], None]
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
STEADY_AFTER = 60.0


class NotReady(RuntimeError):
    """A program ended or stayed silent while it was starting. The message ends with its last log lines."""


@dataclass(frozen=True)
class Program:
    """What to run and how to treat it. `user` is the uid and gid to run as; None is our own."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    ready: Ready
    phase: int = records.SERVICES
    stop_signal: signal.Signals = signal.SIGTERM
    ready_within: float = 60.0
    user: tuple[int, int] | None = None
    folder: Path = ROOT
    # Runs before each start, also when the program comes back after it died.
    clear_way: Callable[[], Awaitable[None]] | None = None


@dataclass
class Running:
    """A program that was started for an instance."""

    program: Program
    instance: Instance
    say: Say
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)
    _watch: asyncio.Task[None] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        return self.instance.logs / f"{self.program.name}.log"

    async def start(self) -> None:
        """Start, wait until ready, then watch. Raises NotReady."""
        if self.log.exists():
            self.log.replace(self.log.with_suffix(".log.1"))
        await self._spawn()
        await self._until_ready()
        self._watch = asyncio.create_task(self._keep_alive(), name=f"watch {self.program.name}")

    async def stop(self) -> None:
        """Ask it to stop, wait, and kill it only when it does not."""
        if self._watch:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        await self._end()
        records.remove(self.instance.pids, self.program.name)

    async def _spawn(self) -> None:
        program = self.program
        if program.clear_way:
            await program.clear_way()
        uid, gid = program.user or (None, None)
        descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            self._process = await asyncio.create_subprocess_exec(
                *program.command,
                cwd=program.folder,
                env=dict(program.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,
                user=uid,
                group=gid,
                extra_groups=[] if program.user else None,
            )
        finally:
            os.close(descriptor)
        records.write(self.instance.pids, program.name, self._process.pid, program.stop_signal, program.phase)

    async def _until_ready(self) -> None:
        assert self._process is not None
        deadline = time.monotonic() + self.program.ready_within
        while not await self.program.ready():
            if self._process.returncode is not None:
                raise NotReady(self._why(f"ended with status {self._process.returncode} while starting"))
            if time.monotonic() > deadline:
                raise NotReady(self._why(f"was not ready after {self.program.ready_within:g} s"))
            await asyncio.sleep(0.05)

    async def _keep_alive(self) -> None:
        pause = FIRST_PAUSE
        while True:
            assert self._process is not None
            since = time.monotonic()
            status = await self._process.wait()
            pause = FIRST_PAUSE if time.monotonic() - since > STEADY_AFTER else pause
            self.say(f"{self.program.name} ended with status {status}; it is started again in {pause:g} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            await self._revive()

    async def _revive(self) -> None:
        try:
            await self._spawn()
            await self._until_ready()
        except (NotReady, OSError) as trouble:
            self.say(str(trouble).splitlines()[0])
            await self._end()
        else:
            self.say(f"{self.program.name} is back")

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(self.program.stop_signal)
        try:
            await asyncio.wait_for(process.wait(), records.PATIENCE[self.program.phase])
        except TimeoutError:
            self.say(f"{self.program.name} did not stop in time and was killed")
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    def _why(self, what: str) -> str:
        tail = self.log.read_text(errors="replace").splitlines()[-15:] if self.log.exists() else []
        return "\n".join([f"{self.program.name} {what} ({self.log})", *(f"    {line}" for line in tail)])
