"""TLS to the database by configuration, on Debian's PostgreSQL: the one of the wheel was built without."""

from __future__ import annotations

import asyncio
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import asyncpg
import pytest

from chassis.faults import DatabaseAway
from chassis.pools import Database, RolePool
from chassis.tls import trusting
from deploy.topology import database
from tests.chassis.authority import Authority
from tests.chassis.database.conftest import TOY, Toy
from tests.chassis.postgres import PASSWORD, Server, free_port, unprivileged

DEBIAN = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
pytestmark = pytest.mark.skipif(not DEBIAN, reason="needs Debian's package postgresql-15")


@dataclass
class Secure:
    """A server that speaks TLS alone, and the authority that signed for it."""

    server: Server
    authority: Authority

    def reached(self, host: str, authority: Authority | None = None) -> Database:
        known = authority or self.authority
        return Database(host, self.server.port, "postgres", lambda _role: PASSWORD, trusting(known.file))


@pytest.fixture(scope="module")
def place() -> Iterator[Secure]:
    folder, user = Path(tempfile.mkdtemp(prefix="avondkassa-tls-")), unprivileged()
    authority = Authority(folder / "authority", "tests")
    shown, kept = authority.certificate("localhost")
    server = Server(DEBIAN[-1].parent, folder / "data", free_port(), user)
    if user:
        for path in (folder, authority.file.parent, shown, kept):
            os.chown(path, user.pw_uid, user.pw_gid)
    try:
        server.initialise()
        with (server.data / "postgresql.conf").open("a") as settings:
            settings.write(f"ssl = on\nssl_cert_file = '{shown}'\nssl_key_file = '{kept}'\n")
        (server.data / "pg_hba.conf").write_text("hostssl all all 127.0.0.1/32 scram-sha-256\n")
        server.start()
        yield Secure(server, authority)
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def spoken(at: Database) -> bool:
    pool = RolePool(at, "postgres", asyncio.Semaphore(1))
    try:
        async with pool.acquire() as connection:
            return bool(await connection.fetchval("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
    finally:
        await pool.close()


async def test_a_purpose_speaks_tls_with_a_database_that_shows_its_name(place: Secure) -> None:
    assert await spoken(place.reached("localhost"))


async def test_another_authority_and_another_name_are_a_database_that_is_away(
    place: Secure, tmp_path: Path
) -> None:
    for wrong in (place.reached("localhost", Authority(tmp_path, "stranger")), place.reached("127.0.0.1")):
        with pytest.raises(DatabaseAway):
            await spoken(wrong)


async def test_nothing_is_said_in_plain_to_a_server_without_tls(toy: Toy, place: Secure) -> None:
    plain = replace(place.reached("localhost"), port=toy.server.port)
    with pytest.raises(DatabaseAway):
        await spoken(plain)


async def test_the_topology_is_exact_on_debians_postgresql_too(toy: Toy, place: Secure) -> None:
    dsn = f"{place.server.dsn.replace('127.0.0.1', 'localhost')}?sslmode=verify-full"
    dsn += f"&sslrootcert={place.authority.file}"
    await database.apply(dsn, toy.secrets, toy.charters, TOY)
    assert await database.drift(dsn, toy.secrets, toy.charters) == []
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await asyncpg.connect(f"{place.server.dsn}?sslmode=disable")
