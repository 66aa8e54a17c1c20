"""The record of processing activities as linked data, controller's and processor's (Art. 30(1) and 30(2))."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from chassis.activities import Activity
from chassis.charter import Charter, Column
from chassis.linked_data import CONTEXT, category, texts, word
from chassis.purposes import known_purposes
from chassis.recipients import Recipient
from chassis.statement import authority, co_presenters, controller, process, recipient
from contracts.personal import Category

EUROPE = "None: every recipient listed is in the European Economic Area (G-72)."


def record(
    house: Mapping[str, Any],
    charters: Mapping[str, Charter],
    done: Sequence[Activity],
    recipients: Sequence[Recipient],
) -> dict[str, Any]:
    """The record of a house; letters a to g are those of Art. 30(1)."""
    country = house["house"]["country"]
    return {
        "@context": CONTEXT,
        "@id": "house:record",
        "@type": "dpv:DataProcessingRecord",
        "dct:title": "Record of processing activities (GDPR 30(1) and 30(2))",
        "dpv:hasDataController": controller(house),
        "dpv:hasAuthority": authority(house),
        "dpv:hasProcess": [_entry(one, country, charters, recipients) for one in done],
        "dpv:hasRecipient": [recipient(one) for one in recipients] + [co_presenters()],
        "house:transfersOutsideTheUnion": EUROPE,
        "dpv:hasTechnicalOrganisationalMeasure": measures(charters),
        "house:asProcessor": _as_processor(house, charters, done, recipients),
    }


def _entry(
    one: Activity, country: str, charters: Mapping[str, Charter], recipients: Sequence[Recipient]
) -> dict[str, Any]:
    charter = charters[one.service]
    tables = [name for name, table in charter.tables_of_persons().items() if _serves(charter, name, one)]
    return process(one, country, recipients) | {
        "house:actors": list(one.actors),
        "house:tables": tables,
        "dpv:hasTechnicalMeasure": [word("dpv:AccessControlMethod"), word("dpv:UsageControl")],
        "house:login": charter.purpose_role(one.purpose.id) if one.actors else None,
    }


def _serves(charter: Charter, name: str, one: Activity) -> bool:
    table = charter.table[name]
    named = {purpose for column in table.column.values() for purpose in column.purposes}
    return one.purpose.id in {*named, *table.serves}


def measures(charters: Mapping[str, Charter]) -> list[dict[str, Any]]:
    """What protects the data, counted from the declarations that the walls are generated from (Art. 32)."""
    every = list(charters.values())
    told = [*_walls(every), *_care(every)]
    return [{"@type": kind, "dct:description": words} for kind, words in told]


def _columns(every: Sequence[Charter]) -> list[Column]:
    return [column for one in every for table in one.table.values() for column in table.column.values()]


def _walls(every: Sequence[Charter]) -> list[tuple[str, str]]:
    logins = sum(len(charter.purpose) for charter in every)
    topics = sum(len(charter.says()) + len(charter.hears()) for charter in every)
    gated = sum(purpose.gate != "none" for purpose in known_purposes().values())
    access = (
        f"{logins} database logins, one for each purpose of each service, with grants per column for "
        f"{len(_columns(every))} columns of personal data and row policies."
    )
    return [
        ("dpv:AccessControlMethod", access),
        (
            "dpv:InformationFlowControl",
            f"{topics} rights to say or hear an event; the broker refuses others.",
        ),
        ("dpv:UsageControl", f"{gated} purposes wait for a consent or stop at an objection, everywhere."),
        ("dpv:DigitalSignatures", "Who acts is told by tokens of minutes, signed, for one service each."),
    ]


def _care(every: Sequence[Charter]) -> list[tuple[str, str]]:
    terms = sum(len(charter.keep) for charter in every)
    jobs = ", ".join(sorted({job for charter in every for job in charter.jobs()}))
    secret = sum(column.secret for column in _columns(every))
    return [
        ("dpv:Pseudonymisation", "A person is a random id; retention steers forgetting without a name."),
        ("dpv:HashFunctions", f"{secret} columns hold passwords and secrets as hashes only."),
        ("dpv:StorageDeletion", f"{terms} terms, each carried out by a job that exists: {jobs}."),
    ]


def _as_processor(
    house: Mapping[str, Any],
    charters: Mapping[str, Charter],
    done: Sequence[Activity],
    recipients: Sequence[Recipient],
) -> dict[str, Any]:
    """Art. 30(2): what a ticket service does for the organisers that sell there, who are the controllers."""
    return {
        "@id": "house:record/processor",
        "@type": "dpv:DataProcessingRecord",
        "dct:title": "Record of the processor (GDPR 30(2))",
        "house:applies": house["house"]["sells_for"] == "organisers",
        "dpv:hasDataProcessor": {**controller(house), "@id": "house:processor", "@type": "dpv:DataProcessor"},
        "dpv:hasDataController": "Each organiser whose events are sold here, by its agreement in force.",
        "dpv:hasProcess": list(_for_organisers(charters, done)),
        "dpv:hasRecipient": [word(f"house:recipient/{one.id}") for one in recipients],
        "house:transfersOutsideTheUnion": EUROPE,
        "dpv:hasTechnicalOrganisationalMeasure": word("house:record"),
    }


def _for_organisers(charters: Mapping[str, Charter], done: Sequence[Activity]) -> Iterator[dict[str, Any]]:
    for name, purpose in known_purposes().items():
        acting = [service for service, charter in sorted(charters.items()) if name in charter.purpose]
        if purpose.for_organisers and acting:
            kinds = {kind for one in done if one.purpose.id == name for kind in one.categories}
            yield {
                "@id": f"house:for-organisers/{name}",
                "@type": "dpv:PersonalDataProcess",
                "dct:title": texts(purpose.title),
                "dpv:hasPurpose": [word(iri) for iri in purpose.dpv],
                "house:services": acting,
                "dpv:hasPersonalData": [category(kind) for kind in Category if kind in kinds],
            }
