"""Programs of the house that do not come up, or do not want to go."""

import asyncio
import io
import sys
from pathlib import Path

import psutil
import pytest

from deploy.local import instance as instances
from deploy.local import ports, readiness, records
from deploy.local.group import Group
from deploy.local.instance import Instance
from deploy.local.ports import Ports
from deploy.local.processes import NotReady, Program
from deploy.local.screen import Screen


@pytest.fixture
def group(tmp_path: Path) -> Group:
    instance = Instance(tmp_path / "run", Ports(ports.free_base()))
    instances.prepare(instance)
    return Group(instance, Screen(io.StringIO()))


def program(source: str, ready: readiness.Ready, within: float = 5) -> Program:
    command = [sys.executable, "-u", "-c", source]
    return Program(name="small", command=command, environment={}, ready=ready, ready_within=within)


async def never() -> bool:
    return False


async def test_a_program_that_ends_at_once_is_quoted(group: Group) -> None:
    with pytest.raises(NotReady) as said:
        await group.start(program("import sys; print('the cellar is flooded'); sys.exit(3)", never))
    assert "small ended with status 3" in str(said.value)
    assert "the cellar is flooded" in str(said.value)
    assert str(group.instance.logs / "small.log") in str(said.value)
    await group.close()


async def test_a_program_that_stays_silent_is_given_up_and_stopped(group: Group) -> None:
    with pytest.raises(NotReady, match=r"was not ready after 0\.3 s"):
        await group.start(program("import time; time.sleep(60)", never, within=0.3))
    pid = records.living(group.instance.pids)["small"]
    await group.close()
    assert not psutil.pid_exists(pid)
    assert records.living(group.instance.pids) == {}


async def test_a_program_that_dies_again_and_again_is_tried_with_longer_pauses(
    group: Group,
) -> None:
    asked = 0

    async def once() -> bool:
        nonlocal asked
        asked += 1
        return asked == 1

    await group.start(program("import time; time.sleep(0.1)", once))
    await asyncio.sleep(2.2)
    await group.close()
    assert isinstance(group.screen.out, io.StringIO)
    said = group.screen.out.getvalue()
    assert "started again in 0.5 s" in said
    assert "started again in 1 s" in said


async def test_the_log_of_the_run_before_is_kept_beside_the_new_one(group: Group) -> None:
    log = group.instance.logs / "small.log"
    for word in ("first", "second"):

        async def has_spoken(word: str = word) -> bool:
            return word in log.read_text()

        await group.start(program(f"import time; print('{word}'); time.sleep(60)", has_spoken))
        await group.close()
    assert (group.instance.logs / "small.log.1").read_text() == "first\n"
    assert log.stat().st_mode & 0o777 == 0o600


def test_a_record_of_another_process_with_the_same_pid_is_no_reason_to_kill_it(tmp_path: Path) -> None:
    me = psutil.Process()
    (tmp_path / "postgres.json").write_text(
        f'{{"pid": {me.pid}, "created": {me.create_time() - 100}, "signal": 9, "phase": 2}}'
    )
    (tmp_path / "half.json").write_text('{"pid": ')
    (tmp_path / "strange.json").write_text('{"pid": 1, "colour": "red"}')
    assert records.end_leftovers(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
