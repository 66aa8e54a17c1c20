"""Tickets for wallets: a pass as Apple has it, a link that Google can read, and nobody's name in them."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import subprocess
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from chassis.charter import Charter
from chassis.testing import SetClock
from contracts.actors import Actor, Role
from contracts.notify.api import WalletLinks
from contracts.orders.events import TicketsIssuedV1
from deploy.topology import secrets, wallet
from services.notify import apple_wallet
from services.notify.app import compose
from services.notify.google_wallet import SAVE
from services.notify.settings import NotifySettings
from tests.accounts.premises import NOON, Open, Premises, opened
from tests.notify.conftest import GUEST, ORDER, MailServer, Notify, issued, named, published
from tests.sharing.premises import ROOT

ME = Actor(Role.VISITOR, GUEST)
WHOLE = (named(), published(), issued())
ENOUGH_FOR_A_LINK = 1_800
"""What Google says that a link may have in every browser."""
RECIPIENT = """
[[recipient]]
id = "google_wallet"
kind = "wallet_provider"
"""


def one_ticket(seat: str | None = "Rij 3, stoel 4") -> TicketsIssuedV1:
    first = issued().tickets[0].model_copy(update={"seat": seat, "code": "QVZLMQ" * 23 + "ab"})
    return issued().model_copy(update={"tickets": (first,)})


async def fetched(door: Open, path: str, actor: Actor = ME) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {door.token(actor)}"}
    async with door.session.get(f"{door.base}/orders/{ORDER}/{path}", headers=headers) as answer:
        return answer.status, answer.content_type, await answer.read()


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def verified(folder: Path, files: dict[str, bytes], authority: bytes) -> str:
    """What OpenSSL says of the signature, as somebody who trusts one authority only."""
    for name, content in (
        ("signature", files["signature"]),
        ("manifest", files["manifest.json"]),
        ("ca", authority),
    ):
        (folder / name).write_bytes(content)
    command = ["openssl", "smime", "-verify", "-inform", "DER", "-in", "signature", "-content", "manifest"]
    told = subprocess.run(
        [*command, "-CAfile", "ca", "-purpose", "any", "-out", "/dev/null"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return told.stderr


@pytest.mark.requirement("F-19")
async def test_a_pass_is_signed_for_and_every_file_is_as_its_manifest_says(
    notify: Notify, place: Premises, tmp_path: Path
) -> None:
    await notify.door.hear(named(), published(), one_ticket())
    status, kind, content = await fetched(notify.door, "tickets.pkpass")
    assert (status, kind) == (200, "application/vnd.apple.pkpass")
    files = unpacked(content)
    manifest = json.loads(files["manifest.json"])
    listed = {name for name in files if name not in ("manifest.json", "signature")}
    assert manifest == {name: hashlib.sha1(files[name]).hexdigest() for name in listed}
    authority = (place.folder / "notify" / "wallet" / "authority.pem").read_bytes()
    assert "Verification successful" in verified(tmp_path, files, authority)
    changed = files | {"manifest.json": files["manifest.json"].replace(b"a", b"b", 1)}
    assert "Verification failure" in verified(tmp_path, changed, authority)
    assert "Verification failure" in verified(tmp_path, files, wallet.apple_files()["authority.pem"])
    for name, (width, height) in {"icon@2x.png": (58, 58), "logo@3x.png": (480, 150)}.items():
        assert struct.unpack(">II", files[name][16:24]) == (width, height)


@pytest.mark.requirement("F-19")
@pytest.mark.requirement("G-15")
async def test_a_pass_says_what_the_ticket_says_in_three_languages_and_names_nobody(notify: Notify) -> None:
    await notify.door.hear(named(), published(hall='Zaal "West"'), one_ticket(None))
    files = unpacked((await fetched(notify.door, "tickets.pkpass"))[2])
    told = json.loads(files["pass.json"])
    ticket = one_ticket().tickets[0]
    assert (told["passTypeIdentifier"], told["teamIdentifier"]) == (wallet.TEST_TYPE, wallet.TEST_TEAM)
    assert told["serialNumber"] == str(ticket.ticket)
    (barcode,) = told["barcodes"]
    assert (barcode["format"], barcode["message"]) == ("PKBarcodeFormatQR", ticket.code)
    assert datetime.fromisoformat(told["relevantDate"]) == NOON + timedelta(days=10)
    fields = {one["key"]: one for group in told["eventTicket"].values() for one in group}
    assert fields["hall"]["value"] == 'Zaal "West"'
    assert datetime.fromisoformat(fields["starts"]["value"]) == NOON + timedelta(days=10, hours=1)
    spoken = {"nl": ("Storm op komst", "Staanplaats"), "fr": ("La tempête approche", "Debout")}
    for language in ("nl", "fr", "en"):
        lines = files[f"{language}.lproj/pass.strings"].decode().splitlines()
        texts = dict(json.loads("[" + line[:-1].replace('" = "', '", "', 1) + "]") for line in lines)
        keys = {str(word) for one in fields.values() for word in (one.get("label"), one["value"])}
        assert {key for key in keys if key.startswith("pass.")} <= set(texts)
        if language in spoken:
            assert (texts["pass.title"], texts["pass.standing"]) == spoken[language]
    whole = b"".join(files.values())
    assert b"Guusje" not in whole
    assert b"zeldzaam" not in whole


@pytest.mark.requirement("F-19")
async def test_several_tickets_are_a_bundle_for_their_buyer_alone(notify: Notify) -> None:
    await notify.door.hear(*WHOLE)
    status, kind, content = await fetched(notify.door, "tickets.pkpass")
    assert (status, kind) == (200, "application/vnd.apple.pkpasses")
    passes = [json.loads(unpacked(one)["pass.json"]) for one in unpacked(content).values()]
    assert [one["serialNumber"] for one in passes] == [str(one.ticket) for one in issued().tickets]
    assert (await fetched(notify.door, "tickets.pkpass", Actor(Role.VISITOR, uuid4())))[0] == 404
    assert (await fetched(notify.door, "tickets.pkpass", Actor(Role.BOX_OFFICE, uuid4())))[0] == 403


@pytest.mark.requirement("F-72")
async def test_google_is_no_recipient_unless_the_house_declares_it(notify: Notify) -> None:
    await notify.door.hear(*WHOLE)
    status, _, content = await fetched(notify.door, "google-wallet")
    assert status == 404
    assert json.loads(content)["type"] == "/problems/wallet-not-here"


@pytest.fixture
async def declared(place: Premises, mail_server: MailServer, tmp_path: Path) -> AsyncIterator[Open]:
    """notify of a house that declared Google, and offers nothing for Apple."""
    await place.empty("notify")
    house = tmp_path / "house.toml"
    written = (ROOT / "deploy" / "house.toml").read_text(encoding="utf-8")
    house.write_text(written.replace("apple = true", "apple = false") + RECIPIENT, encoding="utf-8")
    clock = SetClock(NOON)
    known = place.settings("notify", smtp_port=mail_server.port, public_url="http://localhost:8080")
    async with opened(place, compose(NotifySettings(**known | {"house": house}), clock), clock) as door:
        yield door


@pytest.mark.requirement("F-19")
@pytest.mark.requirement("G-52")
async def test_a_link_hands_google_one_ticket_and_no_name(declared: Open, place: Premises) -> None:
    await declared.hear(named(), published(), one_ticket())
    assert (await fetched(declared, "tickets.pkpass"))[0] == 404
    status, _, content = await fetched(declared, "google-wallet")
    assert status == 200
    (link,) = WalletLinks.model_validate_json(content).links
    assert link.url.startswith(SAVE)
    assert len(link.url) <= ENOUGH_FOR_A_LINK
    account = json.loads((place.folder / "notify" / "wallet" / "google.json").read_text())
    token = jwt.decode(link.url.removeprefix(SAVE), RSAKey.import_key(account["private_key"]), ["RS256"])
    claims, ticket = token.claims, one_ticket().tickets[0]
    assert (claims["iss"], claims["aud"], claims["typ"]) == (
        account["client_email"],
        "google",
        "savetowallet",
    )
    (kind,), (saved,) = claims["payload"]["eventTicketClasses"], claims["payload"]["eventTicketObjects"]
    assert kind["id"] == saved["classId"]
    assert saved["id"].startswith(account["issuer_id"] + ".")
    assert saved["id"] != kind["id"]
    assert datetime.fromisoformat(kind["dateTime"]["start"]) == NOON + timedelta(days=10, hours=1)
    assert saved["barcode"]["value"] == ticket.code
    assert saved["seatInfo"]["seat"]["defaultValue"]["value"] == ticket.seat
    assert "Guusje" not in str(claims)
    assert str(GUEST) not in str(claims)
    assert (await fetched(declared, "google-wallet", Actor(Role.VISITOR, uuid4())))[0] == 404


def test_wallet_secrets_are_made_once_and_what_operations_put_there_stays(tmp_path: Path) -> None:
    charters = {"notify": Charter.read(ROOT / "services" / "notify" / "charter.toml")}
    secrets.ensure(tmp_path, charters)
    folder = tmp_path / "notify" / "wallet"
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(first) == {"authority.pem", "pass.key", "pass.pem", "google.json"}
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.iterdir())
    assert apple_wallet.PassSigner.read(folder).is_test
    (folder / "google.json").unlink()
    (folder / "authority.pem").unlink()
    secrets.ensure(tmp_path, charters)
    assert (folder / "pass.key").read_bytes() == first["pass.key"]
    assert not (folder / "authority.pem").exists()
    assert (folder / "google.json").read_bytes() != first["google.json"]


def test_no_production_signs_passes_with_a_test_certificate(
    place: Premises, mail_server: MailServer, tmp_path: Path
) -> None:
    known = place.settings("notify", smtp_port=mail_server.port, public_url="http://localhost:8080")
    with pytest.raises(ValueError, match="test certificate"):
        compose(NotifySettings(**known | {"environment": "production"}), SetClock(NOON))


def test_a_word_of_somebody_cannot_break_a_strings_file() -> None:
    assert apple_wallet._quoted('a "b" \\ c\n"x" = "y";') == 'a \\"b\\" \\\\ c \\"x\\" = \\"y\\";'
