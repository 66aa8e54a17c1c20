"""Bodies and answers of accounts over HTTP.

Routes (purpose, roles):
    POST /sessions            account, open            <- LogIn -> Session (201), slow for unknown too
    POST /tokens              account, open            <- TokenRequest -> Token
    DELETE /sessions          account, open            <- EndSession -> 204
    GET  /people/me           rights, visitor          -> Person
    PATCH /people/me          rights, visitor          <- Correction -> Person
    GET  /people/me/choices   keeping_choices, visitor -> Choices
    POST /people/me/choices   keeping_choices, visitor <- ChoiceRequest -> Choices
    POST /subjects/by-email   rights, privacy_officer  <- FindSubject -> FoundSubjects
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, SecretStr, field_serializer

from contracts.actors import Role
from contracts.envelope import Model
from contracts.personal import ChoiceState, Email, Locale, PersonName, Phone, SubjectId


class LogIn(Model):
    """User name and password; neither is ever echoed or logged."""

    user: Annotated[str, Field(min_length=1, max_length=254)]
    password: Annotated[SecretStr, Field(min_length=1, max_length=200)]

    @field_serializer("password", when_used="json")
    def _on_the_wire(self, password: SecretStr) -> str:
        # Only the body that travels from the gateway to accounts is JSON; everything else sees stars.
        return password.get_secret_value()


class Session(Model):
    """A log-in: the secret is shown once and stored hashed."""

    secret: str
    actor: UUID
    role: Role
    organisation: UUID | None
    display_name: str
    expires_at: datetime


class EndSession(Model):
    """The session to end."""

    secret: Annotated[str, Field(max_length=200)]


class TokenRequest(Model):
    """A session and the one service that the token is for."""

    secret: Annotated[str, Field(max_length=200)]
    audience: Literal["accounts", "orders", "notify", "sharing", "retention", "gateway"]


class Token(Model):
    """A signed token of five minutes."""

    token: str
    expires_at: datetime


class Person(Model):
    """What accounts holds of a person, for that person."""

    subject: SubjectId
    name: PersonName
    email: Email
    phone: Phone | None
    locale: Locale
    version: int


class Correction(Model):
    """What to change; absent fields stay as they are, `phone` may be emptied with null (Art. 16)."""

    name: PersonName | None = None
    email: Email | None = None
    phone: Phone | None = None
    remove_phone: bool = False


class ChoiceRequest(Model):
    """Give, withdraw, object or lift, per purpose, organisation and channel."""

    purpose: Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+$")]
    organisation: UUID | None = None
    channel: Literal["email", "phone", "post"] = "email"
    state: Literal["given", "refused", "withdrawn", "objected", "lifted"]
    wording: Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9_.-]+$")] = "my_data.v1"
    place: Literal["my_data", "unsubscribe", "desk"] = "my_data"


class Choice(Model):
    """A choice as it stands."""

    purpose: str
    organisation: UUID | None
    organisation_name: str | None
    channel: str
    state: ChoiceState
    since: datetime


class Choices(Model):
    """All choices of one person."""

    choices: tuple[Choice, ...]


class FindSubject(Model):
    """An address to find a person by, at the privacy desk; it rides in the body, never in the URL."""

    email: Email


class FoundSubjects(Model):
    """The persons who wrote from that address: guests are a person per order, never merged."""

    subjects: tuple[SubjectId, ...]
