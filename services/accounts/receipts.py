"""Proof of a choice as a record of ISO/IEC TS 27560, in the words of DPV (F-67, Art. 7(1))."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chassis.countries import known_countries
from chassis.linked_data import CONTEXT, category, duration, texts, word
from chassis.purposes import KnownPurpose, known_purposes
from chassis.statement import basis, controller
from chassis.wordings import Wording, known_wordings
from services.accounts.domain.choices import PARTIES, Record

SCHEMA = "ISO/IEC TS 27560:2023"
STATES = {
    "given": "dpv:ConsentGiven",
    "refused": "dpv:ConsentRefused",
    "withdrawn": "dpv:ConsentWithdrawn",
    "expired": "dpv:ConsentExpired",
}
"""DPV's states of a consent; for an objection it has none, so our own word stands there."""


@dataclass(frozen=True, slots=True)
class ReceiptIssuer:
    """Who gives receipts: the tables of deploy/house.toml, and where people choose."""

    house: Mapping[str, Any]
    choices_url: str

    @property
    def country(self) -> str:
        """Whose rules hold."""
        return str(self.house["house"]["country"])


def receipt(records: Sequence[Record], issuer: ReceiptIssuer, kept: str) -> dict[str, Any]:
    """The receipts of one person's choices; `kept` is how long their proof is kept (ISO 8601)."""
    return {
        "@context": CONTEXT,
        "@graph": [controller(issuer.house), *(_record(one, issuer, kept) for one in records)],
    }


def _record(one: Record, issuer: ReceiptIssuer, kept: str) -> dict[str, Any]:
    """The header, the processing, the party and the event of the specification, each by its field."""
    return {
        "@id": f"house:record/{one.id}",
        "@type": "dpv:ConsentRecord",
        "dct:conformsTo": SCHEMA,
        "dpv:hasIdentifier": str(one.id),
        "dpv:hasDataSubject": str(one.subject_id),
        "dpv:hasNotice": _notice(one, issuer),
        "dpv:hasProcess": _process(one, known_purposes()[one.purpose], issuer, kept),
        "dpv:hasConsentStatus": _event(one),
    }


def _notice(one: Record, issuer: ReceiptIssuer) -> dict[str, Any]:
    """What was shown: the wording by id and version, in the language in which it was read."""
    wording = known_wordings().get(one.wording)
    shown = {"@id": f"house:wording/{one.wording}", "dct:language": one.language}
    if wording is None:
        return shown
    text = wording.said(one.language, **_facts(one, issuer))
    return shown | {"dct:hasVersion": wording.version, **_said(wording, one.language, text)}


def _said(wording: Wording, language: str, text: str) -> dict[str, Any]:
    return {"dct:description": {"@language": language, "@value": text}, "house:asks": wording.asks}


def _facts(one: Record, issuer: ReceiptIssuer) -> dict[str, object]:
    house = issuer.house["house"]["name"]
    age = known_countries()[issuer.country].consent_age
    return {"organisation": one.organisation_name or house, "house": house, "age": age}


def _process(one: Record, purpose: KnownPurpose, issuer: ReceiptIssuer, kept: str) -> dict[str, Any]:
    told: dict[str, Any] = {
        "@id": f"house:purpose/{purpose.id}",
        "@type": "dpv:Process",
        "dct:title": texts(purpose.title),
        "dct:description": texts(purpose.why),
        "dpv:hasPurpose": [word(iri) for iri in purpose.dpv],
        "dpv:hasLegalBasis": basis(purpose, issuer.country),
        "dpv:hasPersonalData": [category(name) for name in purpose.data],
        "dpv:hasDataController": word("house:controller"),
        "dpv:hasJurisdiction": issuer.country,
        "dpv:hasStorageCondition": {"dpv:hasDuration": duration(kept), "dpv:hasLocation": "EU"},
        "dpv:hasRecipient": [_recipient(one)] if one.organisation_id else [],
        "house:channel": one.channel,
        "house:withdrawalMethod": issuer.choices_url,
    }
    return told


def _recipient(one: Record) -> dict[str, Any]:
    return {
        "@id": f"house:organisation/{one.organisation_id}",
        "@type": "dpv:ThirdParty",
        "dpv:hasName": one.organisation_name,
    }


def _event(one: Record) -> dict[str, Any]:
    """What was chosen, when, where, by whom, and until when it counts."""
    told: dict[str, Any] = {
        "@type": STATES.get(one.state, f"house:{one.state}"),
        "dpv:isIndicatedAtTime": {"@type": "xsd:dateTime", "@value": one.made_at.isoformat()},
        "dpv:isIndicatedBy": PARTIES.get(one.place, "person"),
        "dpv:isExercisedAt": one.place,
        "dct:hasVersion": one.version,
    }
    if one.expires_at is not None:
        told["dpv:hasExpiryTime"] = {"@type": "xsd:dateTime", "@value": one.expires_at.isoformat()}
    return told | ({"house:case": one.case_number} if one.case_number else {})
