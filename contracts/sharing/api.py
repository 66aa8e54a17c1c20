"""Bodies and answers of sharing over HTTP.

Routes (purpose, roles):
    GET  /agreements            co_presentation_administration, organiser (own) -> Agreements
    GET  /attendees             co_presentation_door_list, organiser (own), ?event= -> Attendees
    GET  /deliveries            co_presentation_administration, organiser (own) -> Deliveries
    GET  /endpoint              co_presentation_administration, organiser (own) -> Endpoint
    POST /endpoint/secret       co_presentation_administration, owner -> NewSecret (201), once
    GET  /my/disclosures        rights, visitor -> Disclosures
    GET  /cases/{case}/recalls  rights, privacy_officer -> Recalls
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from contracts.envelope import Model
from contracts.personal import Category, Personal, PersonName, SeatLabel
from contracts.texts import Text


class Agreement(Model):
    """Terms that an organisation accepted, and the purposes they allow (G-51)."""

    id: UUID
    kind: Literal["processor", "joint_controllers", "separate_controllers"]
    allowed: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None
    webhook_host: str | None


class Agreements(Model):
    """Agreements of one organisation."""

    organisation_name: str
    agreements: tuple[Agreement, ...]


class Endpoint(Model):
    """Where an organisation takes messages: the last four signs of the secret that signs them, since when.

    `two_count` while the one before it still signs too.
    """

    host: str
    secret_end: str | None
    changed_at: datetime | None
    two_count: bool


class NewSecret(Model):
    """A secret that signs messages from now on."""

    secret: str


class Attendee(Model):
    """A buyer as the organiser's door list shows them: name and seats, for that is what it is for."""

    attendee: UUID
    event: UUID
    event_title: Text | None
    name: PersonName | None
    seats: tuple[SeatLabel, ...]
    allowed: tuple[str, ...]


class Attendees(Model):
    """Attendees of one organisation's co-presented events."""

    attendees: tuple[Attendee, ...]


class Delivery(Model):
    """One webhook: what kind, how it went."""

    id: UUID
    kind: Annotated[str, Personal(Category.DISCLOSURE)]
    state: Literal["waiting", "delivered", "acknowledged", "failed"]
    attempts: int
    created_at: datetime
    delivered_at: datetime | None


class Deliveries(Model):
    """Deliveries to one organisation, newest first."""

    deliveries: tuple[Delivery, ...]


class Disclosure(Model):
    """Who got data of a person, for which purposes, when."""

    recipient: Annotated[UUID, Personal(Category.DISCLOSURE)]
    recipient_name: str
    allowed: tuple[str, ...]
    made_at: datetime


class Disclosures(Model):
    """All disclosures about one person."""

    disclosures: tuple[Disclosure, ...]


class Recall(Model):
    """A recipient that must forget a person, and whether it said so."""

    recipient: UUID
    recipient_name: str
    state: Literal["waiting", "acknowledged", "overdue"]
    answered_at: datetime | None


class Recalls(Model):
    """Recalls of one case."""

    recalls: tuple[Recall, ...]
