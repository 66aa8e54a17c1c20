"""The public privacy statement as linked data: made from what the walls are made from (W-50, W-51)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from chassis.activities import Activity, Held
from chassis.countries import known_countries
from chassis.linked_data import CONTEXT, SUBJECTS, category, duration, texts, word
from chassis.purposes import EVERYTHING, KnownPurpose
from chassis.recipients import BY_AGREEMENT, Recipient, recipient_kinds
from contracts.texts import Text

FOLDER = Path("docs") / "statements"
STANDS_AS = {"processor": "dpv:DataProcessor", "controller": "dpv:DataController"}
CO_PRESENTING = "co_presentation_"
HANDS_OVER = "sharing"
"""The one service that hands data of attendees to co-presenters."""


@dataclass(frozen=True)
class Version:
    """A version of the statement: the day it was made, and the SHA-256 of its content."""

    day: date
    digest: str


def statement(
    house: Mapping[str, Any], done: Sequence[Activity], recipients: Sequence[Recipient]
) -> dict[str, Any]:
    """The statement of a house (tables of house.toml) without its date, which is not part of its content."""
    country = house["house"]["country"]
    return {
        "@context": CONTEXT,
        "@id": "house:statement",
        "@type": "dpv:PrivacyNotice",
        "dpv:hasJurisdiction": country,
        "dpv:hasDataController": controller(house),
        "dpv:hasAuthority": authority(house),
        "house:consentAge": known_countries()[country].consent_age,
        "house:answerWithinDays": house["privacy"]["answer_within_days"],
        "dpv:hasProcess": [process(one, country, recipients) for one in done],
        "dpv:hasRecipient": [recipient(one) for one in recipients] + [co_presenters()],
    }


def controller(house: Mapping[str, Any]) -> dict[str, Any]:
    """Who is responsible and how to reach them (Art. 13(1)(a) and (b), 30(1)(a))."""
    facts, privacy = house["house"], house["privacy"]
    return {
        "@id": "house:controller",
        "@type": "dpv:DataController",
        "dpv:hasName": facts["legal_name"],
        "schema:identifier": facts["registration"],
        "dpv:hasAddress": f"{facts['street']}, {facts['postal_code']} {facts['town']}, {facts['country']}",
        "dpv:hasContact": [privacy["contact"], f"mailto:{privacy['email']}", f"tel:{facts['phone']}"],
    }


def authority(house: Mapping[str, Any]) -> dict[str, Any]:
    """Where a person can complain (W-48)."""
    told = house["privacy"]["authority"]
    return {
        "@type": "dpv:DataProtectionAuthority",
        "dpv:hasName": texts(Text(**told["name"])),
        "dpv:hasAddress": f"{told['street']}, {told['postal_code']} {told['town']}",
        "dpv:hasContact": told["url"],
    }


def process(one: Activity, country: str, recipients: Sequence[Recipient]) -> dict[str, Any]:
    """One purpose in one service: purpose, legal basis, data with their terms, subjects, recipients."""
    purpose = one.purpose
    return {
        "@id": f"house:{one.service}/{purpose.id}",
        "@type": "dpv:PersonalDataProcess",
        "dct:title": texts(purpose.title),
        "dct:description": texts(purpose.why),
        "dpv:isImplementedByEntity": word(f"house:{one.service}"),
        "dpv:hasPurpose": [word(iri) for iri in purpose.dpv],
        "dpv:hasLegalBasis": basis(purpose, country),
        "house:gate": purpose.gate,
        "dpv:hasDataSubject": [word(SUBJECTS[who]) for who in purpose.subjects],
        "dpv:hasPersonalData": [held(what) for what in one.held],
        "dpv:hasRecipient": [word(f"house:recipient/{who}") for who in receivers(one, recipients)],
        "dct:references": list(purpose.requirements),
    }


def basis(purpose: KnownPurpose, country: str) -> dict[str, Any]:
    """The legal basis in a country."""
    ground = purpose.ground(country)
    told = {"@id": ground.gdpr, "schema:identifier": f"GDPR {ground.article}"}
    return told | ({"dct:source": ground.law} if ground.law else {})


def held(what: Held) -> dict[str, Any]:
    """A category, how long it is kept at most, and what then (Art. 30(1)(f))."""
    storage = {
        "@type": "dpv:StorageDeletion" if what.then == "erase" else "dpv:StorageCondition",
        "dpv:hasDuration": duration(what.term),
        "house:countsFrom": "last activity of the person"
        if what.since_activity
        else "what the data is about",
        "house:then": what.then,
    }
    return {**category(what.category), "dpv:hasStorageCondition": storage}


def receivers(one: Activity, recipients: Sequence[Recipient]) -> list[str]:
    """Ids of the recipients that a service hands data to for a purpose."""
    handed = [to for to in recipients if one.service in to.handed_by or EVERYTHING in to.handed_by]
    named = [to.id for to in handed if one.purpose.id in to.purposes]
    shares = one.service == HANDS_OVER and one.purpose.id.startswith(CO_PRESENTING)
    return [*named, BY_AGREEMENT] if shares else named


def recipient(one: Recipient) -> dict[str, Any]:
    """A recipient: who, as what, and exactly what (W-33, W-34)."""
    told: dict[str, Any] = {
        "@id": f"house:recipient/{one.id}",
        "@type": STANDS_AS[recipient_kinds()[one.kind].stands_as],
        "dpv:hasName": one.name,
        "dpv:hasLocation": one.country,
        "house:kind": one.kind,
        "dct:description": texts(one.role),
        "house:gets": texts(one.gets),
        "dpv:hasPersonalData": [category(what) for what in one.receives],
    }
    return told | ({"house:fields": list(one.fields)} if one.fields else {})


def co_presenters() -> dict[str, Any]:
    """Co-presenters, whom the agreements in force name (G-51, W-30)."""
    kind = recipient_kinds()[BY_AGREEMENT]
    return {
        "@id": f"house:recipient/{BY_AGREEMENT}",
        "@type": "dpv:ThirdParty",
        "house:kind": BY_AGREEMENT,
        "dct:description": texts(kind.title),
        "dpv:hasPersonalData": [category(what) for what in kind.may_receive],
    }


def digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 of a statement's content, in hexadecimal; its date is no part of it."""
    bare = {key: value for key, value in content.items() if key not in ("dct:issued", "dct:identifier")}
    return hashlib.sha256(json.dumps(bare, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def dated(content: Mapping[str, Any], day: date) -> dict[str, Any]:
    """A version of the statement, as it is kept and published."""
    return {**content, "dct:issued": day.isoformat(), "dct:identifier": digest(content)}


def versions(root: Path) -> tuple[Version, ...]:
    """The published versions below `root`, newest first; ValueError for one that was changed afterwards."""
    found = []
    for path in sorted((root / FOLDER).glob("*.jsonld"), reverse=True):
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["dct:identifier"] != digest(content):
            raise ValueError(f"{path.name} was changed after it was published")
        found.append(Version(date.fromisoformat(content["dct:issued"]), content["dct:identifier"]))
    return tuple(found)
