"""Links with which a visitor saves a ticket to Google Wallet (F-19).

Nothing is sent to Google from here: the ticket stands in the link, signed, and reaches Google when a visitor
opens it. A house offers this only where house.toml declares the recipient `google_wallet`; no name is in it.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from joserfc import jwt
from joserfc.jwk import RSAKey

from contracts.orders.events import IssuedTicket
from services.notify.store.happenings import Happening

RECIPIENT = "google_wallet"
SAVE = "https://pay.google.com/gp/v/save/"
ALGORITHMS = ["RS256"]


def is_offered(house: Mapping[str, Any]) -> bool:
    """Whether deploy/house.toml declares Google as a recipient of tickets."""
    return any(one["id"] == RECIPIENT for one in house.get("recipient", ()))


@dataclass(frozen=True)
class WalletTicket:
    """A ticket with its evening and the number of its order."""

    event: UUID
    happening: Happening
    ticket: IssuedTicket
    number: str


@dataclass(frozen=True)
class GoogleWallet:
    """The service account that signs links, and the issuer that Google knows the house by."""

    account: str
    issuer: str
    key: RSAKey
    house: Mapping[str, Any]

    @classmethod
    def read(cls, path: Path, house: Mapping[str, Any]) -> Self:
        """From the key file of a service account, with `issuer_id` added to it."""
        known = json.loads(path.read_text(encoding="utf-8"))
        key = RSAKey.import_key(known["private_key"])
        return cls(known["client_email"], known["issuer_id"], key, house)

    def link(self, saved: WalletTicket, language: str, now: datetime) -> str:
        """The link that saves one ticket, in the reader's language."""
        claims = {
            "iss": self.account,
            "aud": "google",
            "typ": "savetowallet",
            "iat": int(now.timestamp()),
            "origins": [],
            "payload": {
                "eventTicketClasses": [self._class(saved.event, saved.happening, language)],
                "eventTicketObjects": [self._object(saved, language)],
            },
        }
        return SAVE + jwt.encode({"alg": "RS256"}, claims, self.key, algorithms=ALGORITHMS)

    def _id(self, named: UUID) -> str:
        """An id as Google has them, in few signs: browsers take links of some 1,800."""
        return f"{self.issuer}.{base64.urlsafe_b64encode(named.bytes).rstrip(b'=').decode()}"

    def _class(self, event: UUID, happening: Happening, language: str) -> dict[str, object]:
        house = self.house["house"]
        zone = ZoneInfo(house["time_zone"])
        times = {
            "doorsOpen": happening.doors_at,
            "start": happening.starts_at,
            "end": happening.ends_at,
        }
        return {
            "id": self._id(event),
            "issuerName": house["name"],
            "reviewStatus": "UNDER_REVIEW",
            "eventName": _localised(happening.title.in_language(language), language),
            "venue": {
                "name": _localised(happening.hall, language),
                "address": _localised(f"{house['street']}, {house['postal_code']} {house['town']}", language),
            },
            "dateTime": {
                name: moment.astimezone(zone).isoformat(timespec="minutes") for name, moment in times.items()
            },
        }

    def _object(self, saved: WalletTicket, language: str) -> dict[str, object]:
        ticket = saved.ticket
        made: dict[str, object] = {
            "id": self._id(ticket.ticket),
            "classId": self._id(saved.event),
            "state": "ACTIVE",
            "barcode": {"type": "QR_CODE", "value": ticket.code, "alternateText": saved.number},
        }
        if ticket.seat:
            made["seatInfo"] = {"seat": _localised(ticket.seat, language)}
        return made


def _localised(text: str, language: str) -> dict[str, object]:
    return {"defaultValue": {"language": language, "value": text}}
