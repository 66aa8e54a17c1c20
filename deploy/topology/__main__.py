"""`python -m deploy.topology`: make secrets, apply, compare, replace, or print the broker's definitions."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from chassis.charter import all_charters
from deploy.topology import broker, database, secrets
from deploy.topology.broker_drift import Definitions, Difference, control_by, export, make_exact
from deploy.topology.secrets import ROOT

ADMIN_DSN = "AVONDKASSA_ADMIN_DSN"
ADMIN_AMQP = "AVONDKASSA_ADMIN_AMQP"
TASKS = ("secrets", "apply", "check", "definitions", "unbind", "rotate", "retire")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deploy.topology", description=__doc__)
    parser.add_argument("task", choices=TASKS)
    parser.add_argument("--secrets", type=Path, required=True, help="folder of this installation's secrets")
    parser.add_argument("--broker", type=Path, help="export of the running broker, for check and unbind")
    parser.add_argument("--rabbitmqctl", type=shlex.split, help="the command that reaches the running broker")
    parser.add_argument("--service", help="whose passwords and signing key to replace, for rotate")
    parser.add_argument("--key", help="id of the key whose tickets count no longer, for retire")
    return parser.parse_args()


def _running(chosen: argparse.Namespace) -> Definitions | None:
    """The broker as it is: asked, or as somebody exported it; None where neither was told."""
    if chosen.rabbitmqctl:
        return asyncio.run(export(control_by(chosen.rabbitmqctl)))
    if chosen.broker is None:
        return None
    exported: Definitions = json.loads(chosen.broker.read_text(encoding="utf-8"))
    return exported


def _apply(chosen: argparse.Namespace) -> int:
    asyncio.run(database.apply(os.environ[ADMIN_DSN], chosen.secrets))
    left: Sequence[Difference] = ()
    if chosen.rabbitmqctl:
        control, wanted = control_by(chosen.rabbitmqctl), broker.definitions(chosen.secrets)
        left = asyncio.run(make_exact(control, os.environ[ADMIN_AMQP], wanted)).left
    for difference in left:
        print(f"broker: {difference.sentence}, and letters may lie there: drain and delete it by hand")
    print(f"topology: {len(left)} differences" if left else "topology: applied")
    return 1 if left else 0


def _check(folder: Path, running: Definitions | None) -> int:
    charters = all_charters(ROOT)
    found = asyncio.run(database.drift(os.environ[ADMIN_DSN], folder, charters))
    for entry in found:
        print(f"{entry.where}: {entry.sentence} (mended by: {entry.statement})")
    lines = [f"charters: nobody says {topic}" for topic in broker.unsaid_topics(charters)]
    if running is not None:
        lines += [f"broker: {line}" for line in broker.drift(broker.definitions(folder, charters), running)]
    for line in lines:
        print(line)
    differences = len(found) + len(lines)
    print(f"topology: {differences} differences" if differences else "topology: exact")
    return 1 if differences else 0


def _unbind(folder: Path, exported: Path) -> int:
    running = json.loads(exported.read_text(encoding="utf-8"))
    stale = broker.stale_bindings(broker.definitions(folder), running)
    asyncio.run(broker.remove_bindings(os.environ[ADMIN_AMQP], stale))
    print(f"topology: {len(stale)} bindings removed")
    return 0


def _rotate(folder: Path, service: str) -> None:
    secrets.rotate_passwords(folder, service)
    secrets.rotate_signing(folder, service)
    secrets.ensure(folder)
    numbered = {"accounts": secrets.FACTORS, "sharing": secrets.WEBHOOKS}
    if service in numbered:
        secrets.rotate_sealing(folder / numbered[service])
    print(f"topology: new secrets for {service}; apply, load the definitions and restart all services")


def _retire(folder: Path, key: str) -> int:
    if not secrets.retire_ticket_key(folder, key):
        print(f"topology: {key} is no retired key of tickets; the one that signs must be rotated first")
        return 1
    print(f"topology: tickets of {key} count no longer; restart orders")
    return 0


def main() -> int:
    """Run one task; 1 where check found a difference, or apply left one.

    AVONDKASSA_ADMIN_DSN is the way in of PostgreSQL's superuser, AVONDKASSA_ADMIN_AMQP the broker's.
    """
    chosen = _arguments()
    if chosen.task == "check":
        return _check(chosen.secrets, _running(chosen))
    if chosen.task == "unbind":
        return _unbind(chosen.secrets, chosen.broker)
    if chosen.task == "rotate":
        _rotate(chosen.secrets, chosen.service)
        return 0
    if chosen.task == "retire":
        return _retire(chosen.secrets, chosen.key)
    secrets.ensure(chosen.secrets)
    if chosen.task == "definitions":
        json.dump(broker.definitions(chosen.secrets), sys.stdout, indent=1)
    elif chosen.task == "apply":
        return _apply(chosen)
    return 0


if __name__ == "__main__":
    sys.exit(main())
