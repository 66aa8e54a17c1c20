"""Bodies and answers of accounts about organisations that sell here (W-01, W-03).

A person with an account signs an organisation up; the house verifies it, refuses it, suspends it, lets it go
on or ends it. Routes, of trader_tracing:
    POST  /organisations                           visitor who logged in <- SignUp -> Standing (201)
    GET   /organisations/mine                      visitor -> Standing
    GET   /organisations                           administrator -> Organisations
    GET   /organisations/{organisation}            administrator -> OrganisationFile
Of access_management:
    POST  /organisations/{organisation}/decision   administrator <- Decide -> Decided
Of organiser_service, within the organisation of whoever asks:
    GET   /organisation                            organiser -> Organisation
    PUT   /organisation                            its owner <- ChangeOrganisation -> Organisation
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from contracts.envelope import Model
from contracts.orders.invoices import OrganisationName
from contracts.personal import (
    AddressLine,
    Category,
    CountryCode,
    Email,
    Personal,
    PersonName,
    Phone,
    PostalCode,
)

PublicName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f\x7f]+$"),
]
# As registers write it, or as people do: the service reads both.
RegistrationNumber = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=4, max_length=24, pattern="^[A-Za-z0-9 .-]+$"),
    Personal(Category.FINANCIAL),
]
Iban = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=14, max_length=42, pattern=r"^[A-Za-z0-9 ]+$"),
    Personal(Category.FINANCIAL),
]
IbanEnd = Annotated[str, Personal(Category.FINANCIAL)]
Product = Literal["tickets", "own_page", "counter", "door", "sharing"]
Products = Annotated[frozenset[Product], Field(min_length=1)]
State = Literal["waiting", "verified", "refused", "suspended", "ended"]
Decision = Literal["verify", "refuse", "suspend", "resume", "end"]
Ground = Literal["not_found", "data_wrong", "not_for_us", "terms_broken", "at_request"]


class Facts(Model):
    """What an organisation says of itself; `registration` is its VAT number or its number in the register."""

    name: PublicName
    legal_name: OrganisationName
    street: AddressLine
    postal_code: PostalCode
    town: AddressLine
    country: CountryCode
    phone: Phone
    registration: RegistrationNumber
    products: Products


class SignUp(Facts):
    """A new organisation; whoever signs it up is its contact person, and once it is verified its owner."""

    iban: Iban


class ChangeOrganisation(Facts):
    """Other facts; without `iban` the account for pay-outs stays. Whoever says them is the contact person."""

    iban: Iban | None = None


class Standing(Model):
    """How a sign-up stands, for whoever made it."""

    id: UUID
    name: str
    state: State
    ground: Ground | None
    signed_up_at: datetime | None


class Organisation(Model):
    """An organisation as its own people see it; of the account for pay-outs the last four signs.

    `facts` is None where it never said any; `contact` where that person is gone. `mine`: what the reader is.
    """

    id: UUID
    name: str
    state: State
    ground: Ground | None
    facts: Facts | None
    iban_end: IbanEnd | None
    said_at: datetime | None
    contact: PersonName | None
    mine: Literal["owner", "member"]


class Listed(Model):
    """An organisation in the list of the house. `to_look_at`: it waits, or changed since somebody looked."""

    id: UUID
    name: str
    state: State
    signed_up_at: datetime | None
    to_look_at: bool


class Organisations(Model):
    """All organisations, those that wait for somebody first."""

    organisations: tuple[Listed, ...]


class OrganisationFile(Model):
    """One organisation as the house sees it; `facts` is None where the house knows it from elsewhere."""

    listed: Listed
    ground: Ground | None
    facts: Facts | None
    iban: Iban | None
    contact_name: PersonName | None
    contact_email: Email | None


class Decide(Model):
    """What the house decides; all but `verify` and `resume` say on which ground."""

    decision: Decision
    ground: Ground | None = None


class Decided(Model):
    """How an organisation stands after a decision."""

    id: UUID
    state: State
    ground: Ground | None
