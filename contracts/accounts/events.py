"""What accounts says: who people are, what they chose, and who may no longer act."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from contracts.envelope import Event, Model
from contracts.personal import (
    ActivityDay,
    Category,
    ChoiceState,
    Email,
    Locale,
    Personal,
    PersonName,
    Phone,
    SubjectId,
)


class ContactSetV1(Event):
    """The address to write to. Version counts up per subject; a listener ignores lower ones."""

    topic = "accounts.contact.set.v1"
    purposes = ("order_guidance", "operation")

    subject: SubjectId
    version: Annotated[int, Field(ge=1)]
    name: PersonName
    email: Email
    locale: Locale


class PersonCorrectedV1(Event):
    """A person corrected data (Art. 16). Only the changed fields are set (W-41, X-02).

    `phone_removed` says that the person took the phone number away; `phone` is then None.
    """

    topic = "accounts.person.corrected.v1"
    purposes = ("rights",)

    subject: SubjectId
    version: Annotated[int, Field(ge=1)]
    name: PersonName | None = None
    email: Email | None = None
    phone: Phone | None = None
    phone_removed: bool = False


class SubjectMergedV1(Event):
    """Somebody keeps a guest's order in their account: both ids are one person from now on.

    Rows of the guest stay under its id, and belong to the account `into`. A guest is claimed once, and an
    account never: these never make a chain.
    """

    topic = "accounts.subject.merged.v1"
    purposes = ("rights", "keeping_choices")

    subject: SubjectId
    into: SubjectId


class ChoiceSetV1(Event):
    """A consent or an objection, numbered by accounts, for the gates of all services (G-60, W-45)."""

    topic = "accounts.choice.set.v1"
    purposes = ("keeping_choices",)

    subject: SubjectId
    purpose: str
    organisation: UUID | None
    channel: str
    state: ChoiceState
    version: Annotated[int, Field(ge=1)]


class ProtectionSetV1(Event):
    """A person is shielded from now on, or no longer (F-70): nameless for staff, and in nobody's feed.

    `protection` names it, for recalls of what recipients got before; the version counts up per subject.
    """

    topic = "accounts.protection.set.v1"
    purposes = ("keeping_choices",)

    subject: SubjectId
    protection: Annotated[UUID, Personal(Category.CASE)]
    protected: Annotated[bool, Personal(Category.CHOICE)]
    version: Annotated[int, Field(ge=1)]


class ObjectionRaisedV1(Event):
    """A person objected to a legitimate interest that the house may weigh (Art. 21(1)): somebody decides.

    Processing has stopped already; marketing and the signal of a browser are never weighed.
    """

    topic = "accounts.objection.raised.v1"
    purposes = ("rights",)

    subject: SubjectId
    purpose: Annotated[str, Personal(Category.CHOICE)]
    organisation: UUID | None


class ActivitySeenV1(Event):
    """A person logged in on a day: activity that keeps an account awake (G-41)."""

    topic = "accounts.activity.seen.v1"
    purposes = ("storage_limitation",)

    subject: SubjectId
    day: ActivityDay


class ActorRevokedV1(Event):
    """Someone may no longer act: services refuse their tokens within two seconds."""

    topic = "accounts.actor.revoked.v1"
    purposes = ("security",)

    actor: UUID


class OrganisationNamed(Model):
    """Which organisation is meant, as the public knows it, and which saying of it this is."""

    organisation: UUID
    name: str
    version: Annotated[int, Field(ge=1)]


class OrganisationVerifiedV1(OrganisationNamed, Event):
    """The house verified an organisation (W-01), or lets it go on: its public name, no person's data."""

    topic = "accounts.organisation.verified.v1"
    purposes = ("organiser_service",)


class OrganisationChangedV1(OrganisationNamed, Event):
    """A verified organisation has another public name. A listener ignores lower versions."""

    topic = "accounts.organisation.changed.v1"
    purposes = ("organiser_service",)


class OrganisationSuspendedV1(OrganisationNamed, Event):
    """An organisation may not sell or be told of buyers until it is verified again (W-01)."""

    topic = "accounts.organisation.suspended.v1"
    purposes = ("organiser_service",)


AboutOrganisation = OrganisationVerifiedV1 | OrganisationChangedV1 | OrganisationSuspendedV1
"""How an organisation stands: whichever of these has the higher version counts."""


class LetterOrderedV1(Event):
    """A letter about an account, to an address that need not be anybody's yet.

    The id opens nothing: notify signs the link, accounts checks the signature and lets it speak once.
    """

    topic = "accounts.letter.ordered.v1"
    purposes = ("account",)

    subject: SubjectId
    letter: UUID
    kind: Literal[
        "register",
        "exists",
        "reset",
        "email_new",
        "email_old",
        "new_device",
        "new_password",
        "invited",
        "role_given",
        "role_ended",
        "factor_added",
        "factor_removed",
        "recovery_used",
        "recovery_renewed",
        "organisation_verified",
        "organisation_refused",
        "organisation_suspended",
        "organisation_ended",
        "organisation_changed",
        "organisation_invited",
        "organisation_joined",
        "organisation_left",
        "organisation_key",
    ]
    email: Email
    name: PersonName | None
    locale: Locale
    expires_at: datetime


WishKind = Annotated[Literal["on_sale", "moved", "nearly_full"], Personal(Category.CHOICE)]
"""Of what somebody wants to hear about an event that they wish to see."""


class WishAddedV1(Event):
    """A person wants to see an event, and hear of these things about it (G-03, F-12).

    Version counts up per subject over all their wishes; a listener ignores lower ones. Told again when the
    kinds change. Whether anybody writes is another matter: that waits for a consent.
    """

    topic = "accounts.wish.added.v1"
    purposes = ("wish_list",)

    subject: SubjectId
    event: Annotated[UUID, Personal(Category.CHOICE)]
    kinds: tuple[WishKind, ...]
    version: Annotated[int, Field(ge=1)]


class WishRemovedV1(Event):
    """A person took an event off their wish list."""

    topic = "accounts.wish.removed.v1"
    purposes = ("wish_list",)

    subject: SubjectId
    event: Annotated[UUID, Personal(Category.CHOICE)]
    version: Annotated[int, Field(ge=1)]


class SessionEndedV1(Event):
    """A log-in was ended from elsewhere: the gateway forgets it too."""

    topic = "accounts.session.ended.v1"
    purposes = ("security",)

    subject: SubjectId
    session: Annotated[UUID, Personal(Category.LOGIN)]
