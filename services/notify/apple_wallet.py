"""Tickets for Apple Wallet: files made and signed here; neither Apple nor anybody else is asked (F-19).

A pass is a ZIP with pass.json, its texts in three languages, images, a manifest of their hashes (SHA-1, as
Apple's format has it) and a detached PKCS #7 signature of it. It holds what a paper ticket does, and no name.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

import typst
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509 import Certificate, Name, load_pem_x509_certificate
from cryptography.x509.oid import NameOID

from chassis.speech import Catalogue, load_catalogues
from contracts.orders.events import IssuedTicket
from contracts.texts import Text
from services.notify.store.happenings import Happening

HERE = Path(__file__).parent
TYPE, BUNDLE_TYPE = "application/vnd.apple.pkpass", "application/vnd.apple.pkpasses"
TEST_AUTHORITY = "Avondkassa test authority"
WORDS = ("starts", "seat", "doors", "hall", "price", "address", "order", "once")
SCALES = (1, 2, 3)
POINT_DPI = 72
SHOWN_AFTER = timedelta(hours=12)
"""How long after its end a pass stays among those that count."""
BEGINNING = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class PassSigner:
    """The certificate that Apple gave for this kind of pass, its key, and the authority that signed it."""

    certificate: Certificate
    key: RSAPrivateKey
    authority: Certificate

    @classmethod
    def read(cls, folder: Path) -> Self:
        """From `pass.pem`, `pass.key` and `authority.pem`; ValueError where the certificate names no pass."""
        key = load_pem_private_key((folder / "pass.key").read_bytes(), None)
        if not isinstance(key, RSAPrivateKey):
            raise ValueError("passes are signed with an RSA key")
        found = cls(_certificate(folder / "pass.pem"), key, _certificate(folder / "authority.pem"))
        if not (found.pass_type and found.team):
            raise ValueError("pass.pem names no pass type (UID) or no team (OU)")
        return found

    @property
    def pass_type(self) -> str:
        """The identifier of the pass type, such as pass.example.tickets."""
        return _named(self.certificate.subject, NameOID.USER_ID)

    @property
    def team(self) -> str:
        """The identifier of the team that the certificate belongs to."""
        return _named(self.certificate.subject, NameOID.ORGANIZATIONAL_UNIT_NAME)

    @property
    def is_test(self) -> bool:
        """Whether phones will refuse what is signed, because the certificate was made at first start."""
        return _named(self.certificate.issuer, NameOID.COMMON_NAME) == TEST_AUTHORITY

    def sign(self, manifest: bytes) -> bytes:
        """A detached signature in DER, with both certificates."""
        made = PKCS7SignatureBuilder().set_data(manifest).add_signer(self.certificate, self.key, SHA256())
        whole = made.add_certificate(self.authority)
        return whole.sign(Encoding.DER, [PKCS7Options.DetachedSignature, PKCS7Options.Binary])


@dataclass(frozen=True)
class PassOrder:
    """What the passes of one order have in common: tables of deploy/house.toml, order number, evening."""

    house: Mapping[str, Any]
    number: str
    event: UUID
    happening: Happening

    def local(self, moment: datetime) -> str:
        """A moment on the clock of the house, as a pass takes it."""
        return moment.astimezone(ZoneInfo(self.house["house"]["time_zone"])).isoformat(timespec="minutes")


def make_passes(order: PassOrder, tickets: Sequence[IssuedTicket], signer: PassSigner) -> tuple[bytes, str]:
    """One pass, or several in a bundle, and its media type. It draws and signs: call it in a thread."""
    passes = [_pass(order, ticket, signer) for ticket in tickets]
    if len(passes) == 1:
        return passes[0], TYPE
    return _zipped({f"{place}.pkpass": one for place, one in enumerate(passes, 1)}), BUNDLE_TYPE


def _pass(order: PassOrder, ticket: IssuedTicket, signer: PassSigner) -> bytes:
    look = order.house["look"]
    files = {
        "pass.json": _json(_document(order, ticket, signer)),
        **{
            f"{language}.lproj/pass.strings": _strings(catalogue, order, ticket)
            for language, catalogue in _catalogues().items()
        },
        **_images(order.house["house"]["name"], look["accent"], look["accent_ink"]),
    }
    manifest = _json({name: hashlib.sha1(content).hexdigest() for name, content in files.items()})  # noqa: S324 - Apple's format has SHA-1; the signature over it is SHA-256.
    return _zipped(files | {"manifest.json": manifest, "signature": signer.sign(manifest)})


def _document(order: PassOrder, ticket: IssuedTicket, signer: PassSigner) -> dict[str, object]:
    """pass.json: its words are keys of pass.strings, so that a phone shows them in its own language."""
    event, house = order.happening, order.house["house"]
    barcode = {"format": "PKBarcodeFormatQR", "message": ticket.code, "messageEncoding": "iso-8859-1"}
    return {
        "formatVersion": 1,
        "passTypeIdentifier": signer.pass_type,
        "teamIdentifier": signer.team,
        "organizationName": house["name"],
        "serialNumber": str(ticket.ticket),
        "groupingIdentifier": str(order.event),
        "description": "pass.description",
        "foregroundColor": "rgb(21, 22, 27)",
        "labelColor": "rgb(91, 92, 99)",
        "backgroundColor": "rgb(251, 250, 246)",
        "relevantDate": order.local(event.doors_at),
        "relevantDates": [{"startDate": order.local(event.doors_at), "endDate": order.local(event.ends_at)}],
        "expirationDate": order.local(event.ends_at + SHOWN_AFTER),
        "barcodes": [{**barcode, "altText": order.number}],
        "eventTicket": _fields(order, ticket, f"{house['street']}, {house['postal_code']} {house['town']}"),
    }


def _fields(order: PassOrder, ticket: IssuedTicket, address: str) -> dict[str, object]:
    event = order.happening
    starts = {**_field("starts", order.local(event.starts_at)), "dateStyle": "PKDateStyleMedium"}
    doors = {**_field("doors", order.local(event.doors_at)), "dateStyle": "PKDateStyleNone"}
    clock = {"timeStyle": "PKDateStyleShort", "ignoresTimeZone": True}
    return {
        "primaryFields": [{"key": "title", "value": "pass.title"}],
        "secondaryFields": [_field("seat", ticket.seat or "pass.standing"), {**starts, **clock}],
        "auxiliaryFields": [{**doors, **clock}, _field("hall", event.hall)],
        "backFields": [
            _field("price", "pass.price_type"),
            _field("address", address),
            _field("order", order.number),
            _field("once", "pass.once_text"),
        ],
    }


def _field(word: str, value: str) -> dict[str, object]:
    return {"key": word, "label": f"pass.{word}", "value": value}


def _strings(catalogue: Catalogue, order: PassOrder, ticket: IssuedTicket) -> bytes:
    """The words of one language, as a strings file of Apple's."""
    title = _said(order.happening.title, catalogue)
    known = {f"pass.{word}": catalogue.plain(f"pass.{word}") for word in WORDS}
    known |= {
        "pass.title": title,
        "pass.description": catalogue.plain("pass.description", title=title),
        "pass.standing": catalogue.plain("paper.standing"),
        "pass.price_type": _said(ticket.price, catalogue),
        "pass.once_text": catalogue.plain("pass.once_text"),
    }
    return "".join(f'"{key}" = "{_quoted(text)}";\n' for key, text in known.items()).encode()


def _said(text: Text, catalogue: Catalogue) -> str:
    return text.in_language(catalogue.language)


def _quoted(text: str) -> str:
    return " ".join(text.split()).replace("\\", "\\\\").replace('"', '\\"')


@cache
def _images(name: str, accent: str, ink: str) -> Mapping[str, bytes]:
    """Icon and logo in the house's own face, for screens of three densities."""
    return {
        f"{kind}{'' if scale == 1 else f'@{scale}x'}.png": _drawn(kind, name, accent, ink, scale)
        for kind in ("icon", "logo")
        for scale in SCALES
    }


def _drawn(kind: str, name: str, accent: str, ink: str, scale: int) -> bytes:
    drawn: bytes = typst.compile(
        HERE / "templates" / "wallet.typ",
        format="png",
        ppi=POINT_DPI * scale,
        font_paths=[HERE / "templates" / "fonts"],
        ignore_system_fonts=True,
        sys_inputs={"kind": kind, "name": name, "accent": accent, "ink": ink},
    )
    return drawn


@cache
def _catalogues() -> Mapping[str, Catalogue]:
    return load_catalogues(HERE / "catalogues")


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, BEGINNING), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _certificate(path: Path) -> Certificate:
    return load_pem_x509_certificate(path.read_bytes())


def _named(name: Name, attribute: Any) -> str:
    found = name.get_attributes_for_oid(attribute)
    return str(found[0].value) if found else ""
