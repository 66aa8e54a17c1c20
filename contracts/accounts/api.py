"""Bodies and answers of accounts over HTTP.

Routes (purpose, roles). Open ones are proved by what is in the body: a password, the secret of a session, or
the token of a letter that went to one's own address. Those of second factors stand in factors.py.
    POST /sessions            account, open            <- LogIn -> Session (201), slow for unknown too;
                                                       or factor-needed, whose facts have a challenge
    POST /tokens              account, open            <- TokenRequest -> Token
    DELETE /sessions          account, open            <- EndSession -> 204
    POST /registrations       account, open            <- AskLetter -> 202, known address or not
    POST /password-resets     account, open            <- AskLetter -> 202, known address or not
    POST /letters             account, open            <- ReadLetter -> Letter
    POST /accounts            account, open            <- OpenAccount -> Session (201)
    POST /passwords           account, open            <- NewPassword -> Session (201)
    POST /emails              rights, open             <- ReadLetter -> EmailChange
    POST /passwords/strength  account, open            <- Judge -> Strength
    POST /account             security, open           <- Mine -> Account
    PUT  /account/password    account, open            <- ChangePassword -> 204
    POST /account/email       account, open            <- ChangeEmail -> 202
    POST /account/sessions    account, open            <- EndSessions -> 204
    GET  /people/me           rights, visitor          -> Person
    PATCH /people/me          rights, visitor          <- Correction -> Person
    GET  /people/me/choices   keeping_choices, visitor -> Choices
    POST /people/me/choices   keeping_choices, visitor <- ChoiceRequest -> Choices
    POST /people/{subject}/choices  keeping_choices, box_office|privacy_officer <- DeskChoice -> Choices
    POST /people/me/signals   keeping_choices, visitor -> Choices, for a browser that says `Sec-GPC: 1`
    GET  /people/me/receipts  keeping_choices, visitor -> linked data: ISO/IEC TS 27560 in the words of DPV
    GET  /people/me/receipts/{record}  the same for one choice
    POST /subjects/by-email   rights, privacy_officer  <- FindSubject -> FoundSubjects
"""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, PlainSerializer, SecretStr

from contracts.actors import Role
from contracts.envelope import Model
from contracts.personal import (
    Category,
    ChoiceState,
    Email,
    Locale,
    Personal,
    PersonName,
    Phone,
    SubjectId,
)

# Only the body that travels from the gateway to accounts is JSON; everything else sees stars.
Password = Annotated[
    SecretStr,
    Field(min_length=1, max_length=200),
    PlainSerializer(SecretStr.get_secret_value, return_type=str, when_used="json"),
]
Secret = Annotated[str, Field(max_length=200)]
LONGEST_TOKEN = 2048
LetterToken = Annotated[str, Field(max_length=LONGEST_TOKEN)]
DeviceType = Annotated[Literal["phone", "tablet", "computer", "program"], Personal(Category.DEVICE)]
Address = Annotated[str, Field(max_length=45), Personal(Category.DEVICE)]
# Six digits of an app, or a recovery code with its hyphens.
Code = Annotated[
    SecretStr,
    Field(min_length=6, max_length=40),
    PlainSerializer(SecretStr.get_secret_value, return_type=str, when_used="json"),
]
FactorName = Annotated[str, Field(min_length=1, max_length=60), Personal(Category.LOGIN)]
LetterKind = Literal["register", "reset", "email_new", "email_old"]


class Origin(Model):
    """From where someone comes, as the gateway saw it: for security only (G-11).

    `known` is the secret of a device on which someone logged in before.
    """

    address: Address | None = None
    device: DeviceType = "program"
    known: Secret | None = None


class LogIn(Model):
    """User name and password; neither is ever echoed or logged."""

    user: Annotated[str, Field(min_length=1, max_length=254)]
    password: Password
    origin: Origin = Origin()


class Session(Model):
    """A log-in: its secret, and that of its device, are told once and stored hashed.

    `due` says that its person works here and has no second factor yet: until then they are a visitor.
    """

    id: UUID
    secret: str
    actor: UUID
    role: Role
    organisation: UUID | None
    display_name: Annotated[str, Personal(Category.NAME)]
    expires_at: datetime
    device: str
    due: bool = False


class AskLetter(Model):
    """An address that someone says is theirs, and the language to write in."""

    email: Email
    locale: Locale
    origin: Origin = Origin()


class ReadLetter(Model):
    """The token of a letter's link: it speaks once, for whoever reads mail at that address."""

    token: LetterToken


class Letter(Model):
    """What a letter's link is for, and which address it went to."""

    kind: LetterKind
    email: Email
    expires_at: datetime


class OpenAccount(Model):
    """The account that someone opens at an address which a letter reached."""

    token: LetterToken
    name: PersonName
    password: Password
    locale: Locale
    origin: Origin = Origin()


class NewPassword(Model):
    """A new password for whoever could no longer log in."""

    token: LetterToken
    password: Password
    origin: Origin = Origin()


class EmailChange(Model):
    """A change of address: done once both the old and the new one agreed."""

    done: bool
    email: Email


class Judge(Model):
    """A password that someone thinks of, and words of theirs that would be easy to guess."""

    password: Password
    words: Annotated[tuple[Annotated[str, Field(max_length=254)], ...], Field(max_length=5)] = ()


class Strength(Model):
    """How hard a password is to guess, 0 to 4; `problem` is the slug of why it would be refused."""

    score: Annotated[int, Field(ge=0, le=4)]
    problem: str | None


class Mine(Model):
    """The session of whoever asks about their own account."""

    secret: Secret


class OpenSession(Model):
    """A log-in that is going on."""

    id: UUID
    device: DeviceType
    started_at: datetime
    current: bool


class Arrival(Model):
    """A log-in of the last thirty days (G-11)."""

    at: datetime
    device: DeviceType
    address: Address | None


class Factor(Model):
    """Something that proves somebody beside their password; the name is what they called it."""

    id: UUID
    kind: Literal["totp", "passkey"]
    name: FactorName
    added_at: datetime


class Account(Model):
    """What protects an account: its sessions, newest first, and its log-ins of the last thirty days.

    `must` says that its person works here and keeps at least one of the `factors`.
    """

    user: Annotated[str, Personal(Category.LOGIN)]
    by_email: bool
    new_email_asked: bool
    sessions: tuple[OpenSession, ...]
    arrivals: tuple[Arrival, ...]
    factors: tuple[Factor, ...] = ()
    recovery_left: int = 0
    must: bool = False


class ChangePassword(Model):
    """A new password, by someone who knows the one that counts now."""

    secret: Secret
    current: Password
    password: Password


class ChangeEmail(Model):
    """Another address, by someone who knows the password; both addresses are asked."""

    secret: Secret
    email: Email
    password: Password


class EndSessions(Model):
    """One session of one's own to end; without `session` all of them but the one that asks."""

    secret: Secret
    session: UUID | None = None


class EndSession(Model):
    """The session to end."""

    secret: Annotated[str, Field(max_length=200)]


class TokenRequest(Model):
    """A session, or a key of an organisation, and the one service that the token is for."""

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
    """Give, withdraw, object or lift, per purpose, organisation and channel.

    `wording` is what was shown, an id of contracts/wordings.toml; without it, that of the page of choices.
    """

    purpose: Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+$")]
    organisation: UUID | None = None
    channel: Literal["email", "phone", "post"] = "email"
    state: Literal["given", "refused", "withdrawn", "objected", "lifted"]
    wording: Annotated[str, Field(max_length=80, pattern=r"^[a-z0-9_.-]+$")] | None = None
    place: Literal["my_data", "unsubscribe"] = "my_data"


class DeskChoice(Model):
    """The same for somebody who asked the house to: how, and the number under which that is kept (G-64)."""

    purpose: Annotated[str, Field(max_length=60, pattern=r"^[a-z_]+$")]
    organisation: UUID | None = None
    channel: Literal["email", "phone", "post"] = "email"
    state: Literal["given", "refused", "withdrawn", "objected", "lifted"]
    asked_by: Literal["letter", "mail", "phone", "counter"]
    case_number: Annotated[
        str, Field(min_length=3, max_length=40, pattern=r"^[A-Za-z0-9./-]+$"), Personal(Category.CASE)
    ]
    language: Locale = "nl"


class Choice(Model):
    """A choice as it stands; `id` is that of its proof, `expires_at` when a consent counts no longer."""

    id: UUID
    purpose: str
    organisation: UUID | None
    organisation_name: str | None
    channel: str
    state: ChoiceState
    since: datetime
    expires_at: datetime | None = None


class Choices(Model):
    """All choices of one person."""

    choices: tuple[Choice, ...]


class FindSubject(Model):
    """An address to find a person by, at the privacy desk; it rides in the body, never in the URL."""

    email: Email


class FoundSubjects(Model):
    """The persons who wrote from that address: guests are a person per order, never merged."""

    subjects: tuple[SubjectId, ...]
