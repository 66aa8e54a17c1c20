"""The record of processing says what Art. 30 asks, in words that DPV has, and what the charters say."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chassis.activities import Activity
from chassis.charter import Charter
from chassis.linked_data import WORDS
from chassis.purposes import known_purposes
from chassis.recipients import Recipient
from contracts.personal import Category
from deploy.generate.documents import as_json
from deploy.generate.record import record
from deploy.generate.record_page import recipients_page, record_page

# Terms that exist, looked up in the Turtle files of DPV 2.3; a term that is not here was never looked up.
EXISTING = frozenset(
    [
        "dpv:SellProductsToDataSubject",
        "dpv:CustomerOrderManagement",
        "dpv:AccountManagement",
        "dpv:ServiceRegistration",
        "dpv:PaymentManagement",
        "dpv:CustomerCare",
        "dpv:CommunicationForCustomerCare",
        "dpv:DirectMarketing",
        "dpv:ServicePersonalisation",
        "dpv:ProvideEventRecommendations",
        "dpv:CommunicationManagement",
        "dpv:FulfilmentOfContractualObligation",
        "dpv:CustomerClaimsManagement",
        "dpv:LegalCompliance",
        "dpv:RightsFulfilment",
        "dpv:FraudPreventionAndDetection",
        "dpv:ServiceUsageAnalytics",
        "dpv:ServiceAccessDetermination",
        "dpv:EnforceAccessControl",
        "dpv:RecordManagement",
        "dpv:EnforceSecurity",
        "dpv:Monitor",
        "dpv:ServiceProvision",
        "dpv:ServiceOptimisation",
        "dpv:VendorManagement",
        "dpv:IdentityVerification",
        "dpv:Customer",
        "dpv:Client",
        "dpv:Employee",
        "dpv:hasDataSubject",
        "dpv:hasDataController",
        "dpv:hasDataProcessor",
        "dpv:hasPersonalData",
        "dpv:hasPurpose",
        "dpv:hasLegalBasis",
        "dpv:hasRecipient",
        "dpv:hasStorageCondition",
        "dpv:hasDuration",
        "dpv:StorageCondition",
        "dpv:StorageDeletion",
        "dpv:TemporalDuration",
        "dpv:hasTechnicalMeasure",
        "dpv:hasTechnicalOrganisationalMeasure",
        "dpv:hasProcess",
        "dpv:PersonalDataProcess",
        "dpv:PersonalData",
        "dpv:DataController",
        "dpv:DataProcessor",
        "dpv:ThirdParty",
        "dpv:DataProcessingRecord",
        "dpv:DataProtectionAuthority",
        "dpv:hasAuthority",
        "dpv:hasName",
        "dpv:hasAddress",
        "dpv:hasContact",
        "dpv:hasLocation",
        "dpv:hasJurisdiction",
        "dpv:isImplementedByEntity",
        "dpv:AccessControlMethod",
        "dpv:InformationFlowControl",
        "dpv:UsageControl",
        "dpv:DigitalSignatures",
        "dpv:Pseudonymisation",
        "dpv:HashFunctions",
        "dpv:PrivacyNotice",
        "pd:UID",
        "pd:Name",
        "pd:EmailAddress",
        "pd:TelephoneNumber",
        "pd:Language",
        "pd:PhysicalAddress",
        "pd:City",
        "pd:BirthDate",
        "pd:Gender",
        "pd:Authenticating",
        "pd:DeviceBased",
        "pd:Purchase",
        "pd:Transaction",
        "pd:ServiceConsumptionBehaviour",
        "pd:PrivacyPreference",
        "pd:Interaction",
        "pd:Communication",
        "pd:FinancialAccount",
        "gdpr:A6-1-a",
        "gdpr:A6-1-b",
        "gdpr:A6-1-b-contract-performance",
        "gdpr:A6-1-c",
        "gdpr:A6-1-f-controller",
        "gdpr:A6-1-f-third-party",
    ]
)


@pytest.fixture
def made(
    facts: dict[str, Any],
    charters: dict[str, Charter],
    done: tuple[Activity, ...],
    recipients: tuple[Recipient, ...],
) -> dict[str, Any]:
    return record(facts, charters, done, recipients)


def test_every_term_of_the_vocabulary_exists(made: dict[str, Any]) -> None:
    used = set(re.findall(r'"((?:dpv|pd|gdpr):[A-Za-z0-9-]+)"', as_json(made)))
    assert len(used) > 40
    assert used <= EXISTING, used - EXISTING
    declared = {iri for one in known_purposes().values() for iri in (*one.dpv, one.gdpr)}
    assert declared <= EXISTING, declared - EXISTING
    assert set(WORDS) == set(Category)


@pytest.mark.requirement("W-40")
def test_the_record_has_what_article_30_asks(made: dict[str, Any]) -> None:
    assert made["dpv:hasDataController"]["dpv:hasContact"]
    for process in made["dpv:hasProcess"]:
        for asked in ("hasPurpose", "hasLegalBasis", "hasDataSubject", "hasPersonalData"):
            assert process[f"dpv:{asked}"], (process["@id"], asked)
        for data in process["dpv:hasPersonalData"]:
            duration = data["dpv:hasStorageCondition"]["dpv:hasDuration"]["schema:value"]["@value"]
            assert re.fullmatch(r"PT?\d+[YMWDHS]", duration)
    assert made["house:transfersOutsideTheUnion"]
    assert len(made["dpv:hasTechnicalOrganisationalMeasure"]) > 5
    references = {to["@id"] for one in made["dpv:hasProcess"] for to in one["dpv:hasRecipient"]}
    assert references <= {one["@id"] for one in made["dpv:hasRecipient"]}


def test_every_column_of_a_person_stands_in_the_record(
    charters: dict[str, Charter], made: dict[str, Any]
) -> None:
    told = {
        (process["@id"], data["schema:identifier"])
        for process in made["dpv:hasProcess"]
        for data in process["dpv:hasPersonalData"]
    }
    for service, charter in charters.items():
        for table in charter.table.values():
            for column in table.column.values():
                for purpose in column.purposes:
                    assert (f"house:{service}/{purpose}", column.category.value) in told


def test_a_ticket_service_has_its_own_record(
    facts: dict[str, Any],
    charters: dict[str, Charter],
    done: tuple[Activity, ...],
    recipients: tuple[Recipient, ...],
) -> None:
    service = facts | {"house": facts["house"] | {"sells_for": "organisers"}}
    assert record(facts, charters, done, recipients)["house:asProcessor"]["house:applies"] is False
    own = record(service, charters, done, recipients)["house:asProcessor"]
    assert own["house:applies"] is True
    assert {one["@id"] for one in own["dpv:hasProcess"]} >= {
        "house:for-organisers/ticket_sale",
        "house:for-organisers/door_admission",
    }
    assert "It applies here." in record_page(service, charters, done, recipients)


@pytest.mark.requirement("W-33")
def test_the_list_of_recipients_names_all_kinds_and_who_is_here(recipients: tuple[Recipient, ...]) -> None:
    page = recipients_page(recipients)
    assert "| Mollie B.V. | payment provider | NL |" in page
    assert re.search(r"\| accountant \|.*\| nobody \|", page)
    assert re.search(r"\| co-presenter \|.*agreement in force", page)
