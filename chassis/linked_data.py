"""The words of the Data Privacy Vocabulary (DPV 2.3) for what the declarations say."""

from __future__ import annotations

from typing import Any

from contracts.personal import Category
from contracts.texts import Text

CONTEXT: dict[str, Any] = {
    "dpv": "https://w3id.org/dpv#",
    "gdpr": "https://w3id.org/dpv/legal/eu/gdpr#",
    "pd": "https://w3id.org/dpv/pd#",
    "dct": "http://purl.org/dc/terms/",
    "schema": "https://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "house": "urn:avondkassa:",
}
"""`house:` is our own words, for what DPV has none for: ids of purposes, services and recipients."""
WORDS = {
    Category.SUBJECT: "pd:UID",
    Category.NAME: "pd:Name",
    Category.EMAIL: "pd:EmailAddress",
    Category.PHONE: "pd:TelephoneNumber",
    Category.LOCALE: "pd:Language",
    Category.ADDRESS: "pd:PhysicalAddress",
    Category.TOWN: "pd:City",
    Category.BIRTH_DATE: "pd:BirthDate",
    Category.GENDER: "pd:Gender",
    Category.LOGIN: "pd:Authenticating",
    Category.DEVICE: "pd:DeviceBased",
    Category.PURCHASE: "pd:Purchase",
    Category.SEAT: "dpv:PersonalData",
    Category.PAYMENT_REFERENCE: "pd:Transaction",
    Category.ADMISSION: "pd:ServiceConsumptionBehaviour",
    Category.CHOICE: "pd:PrivacyPreference",
    Category.ACTIVITY: "pd:Interaction",
    Category.CORRESPONDENCE: "pd:Communication",
    Category.CASE: "dpv:PersonalData",
    Category.FREE_TEXT: "pd:Communication",
    Category.FINANCIAL: "pd:FinancialAccount",
    Category.DISCLOSURE: "dpv:PersonalData",
}
"""Where DPV has no word, dpv:PersonalData, told apart by our own category."""
SUBJECTS = {"visitor": "dpv:Customer", "organiser": "dpv:Client", "staff": "dpv:Employee"}


def word(iri: str) -> dict[str, str]:
    """A reference to a term."""
    return {"@id": iri}


def texts(text: Text) -> list[dict[str, str]]:
    """A text in the three languages."""
    spoken = {"nl": text.nl, "fr": text.fr, "en": text.en}
    return [{"@language": language, "@value": value} for language, value in spoken.items()]


def category(one: Category | str) -> dict[str, Any]:
    """A category of personal data: DPV's word and ours."""
    known = Category(one) if one != "*" else None
    return {
        "@type": WORDS[known] if known else "dpv:PersonalData",
        "schema:identifier": known.value if known else "*",
    }


def duration(term: str) -> dict[str, Any]:
    """An ISO 8601 duration."""
    return {"@type": "dpv:TemporalDuration", "schema:value": {"@type": "xsd:duration", "@value": term}}
