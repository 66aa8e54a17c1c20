"""python -m deploy.local run | start | stop | reset | status | verify-log: the house by command line."""

import argparse
import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from deploy.local import instance as instances
from deploy.local import lifetime, ports, postgres, records, sizes
from deploy.local.group import Group
from deploy.local.instance import Instance, NotOurs
from deploy.local.screen import Screen

STOP_WITHIN = 90.0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="deploy.local", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    try:
        chosen = instances.chosen(os.environ)
        return COMMANDS[parser.parse_args(arguments).command](chosen)
    except (ports.BadPorts, NotOurs, sizes.WrongSeason) as trouble:
        print(trouble, file=sys.stderr)
        return 1


def run(instance: Instance) -> int:
    """Foreground: start all, stay, and stop all at Ctrl-C, SIGTERM or a closed terminal."""
    sizes.wanted(instance, os.environ)
    return lifetime.run(instance, _house, foreground=True)


def run_behind(instance: Instance) -> int:
    """The same for `start`, which shows the screen itself."""
    return lifetime.run(instance, _house, foreground=False)


def start(instance: Instance) -> int:
    """Background: return when all is ready (0) or when it failed (1)."""
    sizes.wanted(instance, os.environ)
    screen = Screen()
    instances.prepare(instance)
    if instances.is_held(instance):
        print("This house runs already.")
        return _show(instance, screen)
    instance.endpoints.unlink(missing_ok=True)
    log = instance.logs / "house.log"
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
        child = subprocess.Popen(
            [sys.executable, "-m", "deploy.local", "run-behind"],
            cwd=instances.ROOT,
            env={**os.environ, "AVONDKASSA_RUN": str(instance.folder), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    with log.open() as lines:
        while not instance.endpoints.exists() and child.poll() is None:
            print(lines.read(), end="", flush=True)
            time.sleep(0.1)
        print(lines.read(), end="", flush=True)
    return _show(instance, screen) if child.poll() is None else 1


def stop(instance: Instance) -> int:
    """Stop the house of this instance, also what a crash left behind."""
    keeper = instances.keeper(instance)
    if keeper is not None:
        os.kill(keeper, signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN
        while instances.is_held(instance) and time.monotonic() < deadline:
            time.sleep(0.05)
    if instances.is_held(instance):
        print(f"The house did not stop within {STOP_WITHIN:g} s; see {instance.logs}.", file=sys.stderr)
        return 1
    left = records.end_leftovers(instance.pids)
    instance.endpoints.unlink(missing_ok=True)
    print("The house is stopped." if keeper or left else "The house was not running.")
    return 0


def reset(instance: Instance) -> int:
    """Stop, then delete all data of this instance and of no other."""
    if not instance.folder.exists():
        print("There is nothing to delete.")
        return 0
    if not instances.is_ours(instance.folder):
        raise NotOurs(f"{instance.folder} is no folder of the house; nothing was deleted.")
    status = stop(instance)
    if status == 0:
        shutil.rmtree(postgres.outside_data(instance), ignore_errors=True)
        shutil.rmtree(instance.folder)
        print(f"{instance.folder} is deleted.")
    return status


def status(instance: Instance) -> int:
    """Which processes live. 0 when the house is ready, 1 when not."""
    for name, pid in records.living(instance.pids).items():
        print(f"{name:<12}{pid}")
    ready = instances.is_held(instance) and instance.endpoints.exists()
    print("ready" if ready else "not running" if not instances.is_held(instance) else "not ready")
    return 0 if ready else 1


def verify_log(instance: Instance) -> int:
    """Whether the access logs of this running house were left alone: 0 when they were."""
    # Imported here because stop and reset must work even where a service's code does not load.
    from deploy.topology import access_log

    if not instances.is_held(instance):
        print("The house is not running.", file=sys.stderr)
        return 1
    found = asyncio.run(access_log.verdicts(postgres.of(instance).dsn, instance.heads))
    text, outcome = access_log.told(found)
    print(text)
    return outcome


def _house(group: Group) -> lifetime.Opens:
    # Imported here because stop and reset must work even where a service's code does not load.
    from deploy.local.house import House

    return House(group, season=sizes.wanted(group.instance, os.environ))


def _show(instance: Instance, screen: Screen) -> int:
    found = instances.read_json(instance.endpoints)
    if found is None:
        print("It is not ready yet.")
        return 1
    screen.ready(found, foreground=False)
    return 0


COMMANDS: dict[str, Callable[[Instance], int]] = {
    "run": run,
    "run-behind": run_behind,
    "start": start,
    "stop": stop,
    "reset": reset,
    "status": status,
    "verify-log": verify_log,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
