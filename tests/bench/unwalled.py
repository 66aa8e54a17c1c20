"""python -m tests.bench.unwalled <service>: the service as it is, without its walls; to compare with.

One superuser pool instead of a login per purpose, the broker's administrator instead of a user per service,
the actor written into the request instead of a signed token, and no log of who looked. Outbox, inbox,
validation, idempotency and every query stay. No service can be brought to this by a setting: it is put
together here, and nowhere else.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from chassis import bus, work
from chassis import service as services
from chassis.bus import BrokerAddress
from chassis.charter import Charter
from chassis.decision import Refused
from chassis.pools import Database, Pools, RolePool
from chassis.process import Process
from chassis.settings import Settings
from chassis.tokens import Bearer, Proof, Verifier
from contracts.actors import Actor, Role
from deploy.local.postgres import SUPERUSER
from deploy.topology.secrets import ADMINISTRATOR, OPERATIONS
from services.gateway.neighbours.tokens import Acting, TokenBook, nobody

USUAL = 10
"""Connections of a pool where nobody thought about it: the driver's own default."""


class OnePool(Pools):
    """The same connections for everyone, as nearly every service of this world has them."""

    def __init__(self, database: Database, roles: Mapping[str, bool]) -> None:
        super().__init__(database, {SUPERUSER: True})
        self._pools[SUPERUSER]._sizes = (1, USUAL)

    def of(self, role: str) -> RolePool:
        """The one pool, whoever asks."""
        return super().of(SUPERUSER)


def take_down_walls(service: str, secrets: Path) -> None:
    """Change the chassis of this service's process; `secrets` is the folder of the whole house."""
    superuser = (secrets / OPERATIONS / "postgres").read_text().strip()
    administrator = (secrets / OPERATIONS / "broker").read_text().strip()

    def pools_of(database: Database, _: Charter) -> Pools:
        return OnePool(replace(database, password=lambda role: superuser), {})

    own_address, own_queue = Process._address, bus.queue_name

    def address(process: Process) -> BrokerAddress:
        return replace(own_address(process), user=ADMINISTRATOR, password=administrator)

    _put(services, "pools_of", pools_of)
    _put(work, "begin_for", lambda actor: "BEGIN")
    _put(work, "is_watched", lambda charter, purpose, actor: False)
    _put(work.Work, "ending", lambda tx: "COMMIT")
    _put(work.Workplace, "_pool", lambda place, purpose, actor: place._pools.of(purpose))
    _put(Process, "_address", address)
    _put(bus, "queue_name", lambda user, topic: own_queue(service, topic))
    _put(Verifier, "bearer", _read)
    _put(TokenBook, "token", _write)


async def _write(book: TokenBook, asking: Acting | None, audience: str) -> str:
    """The actor in plain letters, where a token would be."""
    actor = (asking or nobody(book._clock.now())).actor
    return f"{actor.role.value}.{actor.id}.{actor.organisation or ''}"


def _read(verifier: Verifier, token: str, now: datetime) -> Bearer | Refused:
    """Whoever it says, as if they had just proved who they are."""
    role, id, organisation = token.split(".")
    return Bearer(Actor(Role(role), UUID(id), UUID(organisation) if organisation else None), Proof(now))


def _put(owner: Any, name: str, stands_in: Any) -> None:
    """Replace what must be there: a part that was renamed would leave a wall standing unseen."""
    assert hasattr(owner, name), f"{owner} has no {name} any more"
    setattr(owner, name, stands_in)


def main(service: str) -> None:
    """Run the service's composition root in this process, without walls."""
    take_down_walls(service, Settings().secrets.parent)
    runpy.run_module(f"services.{service}.app", run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1])
