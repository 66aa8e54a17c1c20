"""The house as it stands after a start: what others rely on, and what nobody else may read."""

import json
import os
import signal
import stat
import time
import urllib.request

import asyncpg
import psutil
import pytest

from deploy.local import records
from deploy.local.environment import SERVICES
from tests.conftest import House

PROMISED = {
    *("shop", "boxoffice", "door", "organiser", "privacy", "inbox", "mollie", "receiver", "broker"),
    *("books", "services", "logins", "databases"),
}


def test_endpoints_say_where_everything_is(house: House) -> None:
    assert house.endpoints.keys() >= PROMISED
    assert house.endpoints["services"].keys() == set(SERVICES) == house.endpoints["databases"].keys()
    for login in house.endpoints["logins"].values():
        assert login.keys() >= {"user", "password"}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics", "/openapi.json"])
def test_every_service_answers_at_its_technical_doors(house: House, service: str, path: str) -> None:
    with urllib.request.urlopen(house.endpoints["services"][service] + path, timeout=5) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "door", ["shop", "boxoffice", "door", "organiser", "privacy", "books", "inbox", "receiver"]
)
def test_every_address_of_the_screen_shows_a_page(house: House, door: str) -> None:
    with urllib.request.urlopen(house.endpoints[door], timeout=5) as answer:
        assert answer.status == 200
        assert "text/html" in answer.headers["Content-Type"]


@pytest.mark.requirement("G-71")
def test_nobody_else_can_read_a_secret(house: House) -> None:
    private = [house.folder / "endpoints.json", *(house.folder / "env").iterdir()]
    private += [path for path in (house.folder / "secrets").rglob("*") if path.is_file()]
    open_to_others = [path for path in private if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert open_to_others == []
    logs = "".join(path.read_text(errors="replace") for path in (house.folder / "log").iterdir())
    words = [path.read_text().strip() for path in private if path.parent.name == "database"]
    assert not any(word in logs for word in words)


@pytest.mark.requirement("G-71")
async def test_the_dump_reads_everything_and_changes_nothing(house: House) -> None:
    for service, url in house.endpoints["databases"].items():
        sql = await asyncpg.connect(url)
        tables = await sql.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert tables, service
        for (table,) in tables:
            await sql.fetch(f'SELECT * FROM "{table}" LIMIT 1')
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await sql.execute(f'DELETE FROM "{table}"')
        await sql.close()


def test_a_service_that_is_killed_comes_back(house: House) -> None:
    pids = house.folder / "pids"
    before = records.living(pids)["sharing"]
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + 20
    while not _ready(house, "sharing") or records.living(pids).get("sharing") in (None, before):
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_nothing_of_the_house_listens_to_the_world(house: House) -> None:
    ours = set(records.living(house.folder / "pids").values())
    ours |= {child.pid for pid in ours for child in psutil.Process(pid).children(recursive=True)}
    open_doors = {
        connection.laddr.ip
        for connection in psutil.net_connections(kind="tcp")
        if connection.pid in ours and connection.status == psutil.CONN_LISTEN
    }
    assert open_doors <= {"127.0.0.1", "::1"}


async def test_the_log_of_postgresql_quotes_no_values(house: House) -> None:
    """An error tells the client which value was wrong, and nobody else."""
    sql = await asyncpg.connect(house.endpoints["databases"]["accounts"])
    with pytest.raises(asyncpg.InvalidTextRepresentationError):
        await sql.execute("SELECT 'lotte@strand.example'::uuid")
    await sql.close()
    assert "strand" not in (house.folder / "log" / "postgres.log").read_text()


def test_endpoints_hold_no_half_file(house: House) -> None:
    assert json.loads((house.folder / "endpoints.json").read_text()) == house.endpoints


def _ready(house: House, service: str) -> bool:
    try:
        with urllib.request.urlopen(house.endpoints["services"][service] + "/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
