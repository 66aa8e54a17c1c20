"""Databases are what the charters say, and whatever differs is shown and mended."""

from __future__ import annotations

import asyncio
import os
import subprocess
from pathlib import Path

import asyncpg
import pytest

from chassis.charter import CharterError
from chassis.charter_check import catalogue_of, check_columns
from deploy.topology import database, secrets
from tests.topology.conftest import Installation


@pytest.mark.requirement("W-11")
async def test_every_column_of_every_database_is_explained_by_a_charter(installation: Installation) -> None:
    assert set(installation.charters) == {"accounts", "gateway", "notify", "orders", "retention", "sharing"}
    for service, charter in installation.charters.items():
        connection = await asyncpg.connect(installation.way(service))
        catalogue = await catalogue_of(connection)
        await connection.close()
        assert len(catalogue) > 10
        check_columns(charter, catalogue)


@pytest.mark.requirement("W-11")
async def test_a_column_that_no_charter_explains_stops_the_topology(installation: Installation) -> None:
    await installation.run("orders", "ALTER TABLE order_person ADD COLUMN shoe_size integer")
    try:
        with pytest.raises(CharterError, match=r"\[table\.order_person\.column\.shoe_size\] is missing"):
            await database.apply(installation.server.dsn, installation.secrets, installation.charters)
    finally:
        await installation.run("orders", "ALTER TABLE order_person DROP COLUMN shoe_size")


async def test_applying_again_finds_nothing_to_do_also_side_by_side(installation: Installation) -> None:
    again = [
        database.apply(installation.server.dsn, installation.secrets, installation.charters) for _ in range(2)
    ]
    await asyncio.gather(*again)
    assert await database.drift(installation.server.dsn, installation.secrets, installation.charters) == []


@pytest.mark.parametrize(
    ("loosened", "shown"),
    [
        ('GRANT SELECT ON order_person TO "orders__counter_sale"', "REVOKE SELECT ON TABLE order_person"),
        ("GRANT SELECT ON order_person TO PUBLIC", "REVOKE SELECT ON TABLE order_person FROM PUBLIC"),
        ('REVOKE INSERT ON outbox FROM "orders__rights"', "GRANT INSERT"),
        ("ALTER TABLE order_person NO FORCE ROW LEVEL SECURITY", "FORCE ROW LEVEL SECURITY"),
        ("ALTER TABLE order_person DISABLE ROW LEVEL SECURITY", "ENABLE ROW LEVEL SECURITY"),
        ("CREATE POLICY open ON outbox USING (true)", 'DROP POLICY "open" ON "outbox"'),
        ('DROP POLICY "orders__rights.delete" ON outbox', 'CREATE POLICY "orders__rights.delete"'),
        ('ALTER POLICY "orders__rights.insert" ON outbox WITH CHECK (true)', "DROP POLICY"),
        ('ALTER POLICY "orders__rights.insert" ON outbox TO PUBLIC', "DROP POLICY"),
        ('ALTER ROLE "orders__rights" BYPASSRLS', "NOBYPASSRLS"),
        ('ALTER ROLE "orders__rights" SUPERUSER', "NOSUPERUSER"),
        ("ALTER ROLE \"orders__rights\" PASSWORD 'guessed'", 'ALTER ROLE "orders__rights"'),
    ],
)
async def test_whatever_is_loosened_is_shown_and_mended(
    installation: Installation, loosened: str, shown: str
) -> None:
    await installation.run("orders", loosened)
    found = await database.drift(installation.server.dsn, installation.secrets, installation.charters)
    assert any(shown in entry.statement for entry in found)
    assert not any("PASSWORD '" in entry.statement for entry in found)
    await database.apply(installation.server.dsn, installation.secrets, installation.charters)
    assert await database.drift(installation.server.dsn, installation.secrets, installation.charters) == []


async def test_a_login_that_no_charter_asks_for_is_shut(installation: Installation) -> None:
    await installation.run("orders", "CREATE ROLE \"orders__curiosity\" LOGIN PASSWORD 'x'")
    await installation.run("orders", 'GRANT SELECT ON order_person TO "orders__curiosity"')
    await database.apply(installation.server.dsn, installation.secrets, installation.charters)
    way = database.dsn_as(installation.server.dsn, "avondkassa_orders", "orders__curiosity", "x")
    with pytest.raises(asyncpg.InvalidAuthorizationSpecificationError):
        await asyncpg.connect(way)
    assert await database.drift(installation.server.dsn, installation.secrets, installation.charters) == []


async def test_no_role_enters_another_services_database_or_makes_a_table(installation: Installation) -> None:
    password = secrets.Secrets(installation.secrets).role_password("orders", "orders__rights")
    for name in ("avondkassa_accounts", "postgres", "template1"):
        way = database.dsn_as(installation.server.dsn, name, "orders__rights", password)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(way)
    for sql in ("CREATE TABLE mine (a int)", "CREATE TEMP TABLE mine (a int)", "SET ROLE orders__carry"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await installation.run("orders", sql, "orders__rights")


async def test_the_relay_reaches_letters_and_nothing_else(installation: Installation) -> None:
    for service, charter in installation.charters.items():
        role = f"{service}__carry"
        await installation.run(service, "SELECT id, body FROM outbox", role)
        for table in set(charter.tables_of_persons()) - {"outbox", "parked"}:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await installation.run(service, f'SELECT FROM "{table}" FOR UPDATE', role)


@pytest.mark.requirement("X-01")
def test_the_dump_role_dumps_everything_and_the_tables_belong_to_an_owner_who_cannot_log_in(
    installation: Installation,
) -> None:
    dumped = subprocess.run(
        [str(installation.server.binaries / "pg_dump"), installation.way("orders", "orders__dump")],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
    )
    assert dumped.returncode == 0, dumped.stderr
    assert "CREATE TABLE public.order_person" in dumped.stdout
    assert "OWNER TO orders__owner" in dumped.stdout
    assert "OWNER TO orders__migrate" not in dumped.stdout


async def test_the_migration_role_sees_rows_past_the_wall(installation: Installation) -> None:
    await installation.run("orders", "INSERT INTO sent VALUES (gen_random_uuid(), 't', now())")
    assert len(await installation.run("orders", "SELECT FROM sent", "orders__migrate")) == 1
    assert len(await installation.run("orders", "SELECT FROM sent", "orders__dump")) == 1
    await installation.run("orders", "DELETE FROM sent")


async def test_new_passwords_shut_out_the_old_ones(installation: Installation) -> None:
    before = installation.way("notify", "notify__carry")
    secrets.rotate_passwords(installation.secrets, "notify")
    secrets.ensure(installation.secrets, installation.charters)
    await database.apply(installation.server.dsn, installation.secrets, installation.charters)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(before)
    assert await installation.run("notify", "SELECT FROM outbox", "notify__carry") == []


async def test_more_connections_than_the_server_has_are_refused_beforehand(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert database.connection_cap(installation.charters) + database.RESERVED_CONNECTIONS <= 200
    assert database.connection_cap(installation.charters, copies=2) <= 400
    monkeypatch.setattr(database, "MAX_CONNECTIONS", 60)
    with pytest.raises(database.TopologyError, match="max_connections is 200"):
        await database.apply(installation.server.dsn, installation.secrets, installation.charters)


def test_secrets_are_for_their_owner_only_and_stay_what_they_are(installation: Installation) -> None:
    files = [path for path in installation.secrets.rglob("*") if path.is_file()]
    folders = [path for path in installation.secrets.rglob("*") if path.is_dir()]
    assert {oct(path.stat().st_mode & 0o777) for path in files} == {"0o600"}
    assert {oct(path.stat().st_mode & 0o777) for path in folders} == {"0o700"}
    before = {path: path.read_bytes() for path in files}
    secrets.ensure(installation.secrets, installation.charters)
    assert {path: path.read_bytes() for path in before} == before
    held = {path.name for path in (installation.secrets / "orders" / "database").iterdir()}
    assert not held & {"orders__migrate", "orders__dump", "orders__owner"}
    assert not (installation.secrets / "sharing" / "signing.pem").exists()


def test_a_new_signing_key_lives_beside_the_old_one_until_the_next(
    tmp_path: Path, installation: Installation
) -> None:
    folder = tmp_path / "secrets"
    seen = []
    for _ in range(3):
        secrets.rotate_signing(folder, "accounts")
        secrets.ensure(folder, installation.charters)
        seen.append({path.name for path in (folder / "orders" / "keys").glob("accounts.*.pub.pem")})
    assert [len(names) for names in seen] == [1, 2, 2]
    assert seen[0] < seen[1]
    assert not seen[0] & seen[2]
