"""One service on a real PostgreSQL, with the roles, grants and policies of its charter."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chassis.charter import Charter
from deploy.topology import database, secrets
from tests.accounts.premises import ROOT, Premises
from tests.chassis.postgres import running_server
from tests.chassis.shop import key_pair


@contextmanager
def premises_of(folder: Path, service: str) -> Iterator[Premises]:
    """A server with the database of one service; accounts has keys only, to sign for staff."""
    charters = {
        name: Charter.read(ROOT / "services" / name / "charter.toml") for name in (service, "accounts")
    }
    secrets.ensure(folder, charters)
    private, public = key_pair()
    for name in charters:
        (folder / name / "keys" / "gateway.tests.pub.pem").write_bytes(public)
    only = {service: charters[service]}
    with running_server() as server:
        asyncio.run(database.apply(server.dsn, folder, only, ROOT))
        yield Premises(server, folder, only, private)
