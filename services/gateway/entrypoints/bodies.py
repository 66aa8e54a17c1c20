"""Bodies and answers of the public API that are the gateway's own; all others are the services' contracts."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from contracts.accounts.api import Code, FactorName, LetterToken, LogIn, Origin, Password, Secret
from contracts.accounts.factors import PasskeyAnswer
from contracts.accounts.wishes import Wished
from contracts.actors import Role
from contracts.envelope import Model
from contracts.looks import Look
from contracts.orders.api import Checkout, Choice
from contracts.orders.money import MethodId
from contracts.personal import Email, FreeText, Locale, PersonName, Phone
from services.gateway.neighbours.caller import Question
from services.gateway.paths import path


class GuestCheckout(Model):
    """A guest's checkout (G-15): name and e-mail; phone and way to pay if they like; choices asked apart."""

    hold: UUID
    name: PersonName
    email: Email
    phone: Phone | None = None
    locale: Locale
    choices: Annotated[tuple[Choice, ...], Field(max_length=10)] = ()
    method: MethodId | None = None

    def for_orders(self, public_url: str) -> Checkout:
        """The same for orders, with the way back from paying: it names the hold, which is nobody's data."""
        back = public_url + path("back", hold=self.hold)
        return Checkout(**self.model_dump(exclude_unset=True), return_url=back)


class LimitView(Model):
    """What somebody says who does not agree with a purchase limit."""

    view: FreeText


class Credentials(Model):
    """User name and password; from where they come is what the gateway sees, never what a body says."""

    user: Annotated[str, Field(min_length=1, max_length=254)]
    password: Password

    def question(self, origin: Origin, language: str) -> Question:
        """What accounts is asked."""
        body = LogIn(user=self.user, password=self.password, origin=origin)
        return Question("accounts", "POST", "/sessions", body=body, language=language)


class CodeAnswered(Model):
    """The second step of a log-in: the challenge of the refusal factor-needed, and a code."""

    challenge: Secret
    code: Code


class ProofGiven(Model):
    """A code of an app or a recovery code, a passkey; or the password, of who has none of them."""

    code: Code | None = None
    passkey: PasskeyAnswer | None = None
    password: Password | None = None


class AppAdded(Model):
    """An offer, and the first code of the app that took it."""

    offer: Annotated[str, Field(max_length=1000)]
    code: Code
    name: FactorName


class PasskeyAdded(PasskeyAnswer):
    """A passkey that a device just made, and what its owner calls it."""

    name: FactorName


class CodesTold(Model):
    """Recovery codes, told this once; none where somebody had some already."""

    recovery_codes: tuple[str, ...]


class MailboxAsked(Model):
    """An address to send a letter to."""

    email: Email


class InvitationAnswered(Model):
    """Yes or no to a role that one was invited to."""

    accept: Annotated[bool, Field(strict=True)]


class AccountOpened(Model):
    """What opens an account: the token of the letter, a name for tickets and mails, a password."""

    token: LetterToken
    name: PersonName
    password: Password


class PasswordRenewed(Model):
    """The token of a letter and a new password."""

    token: LetterToken
    password: Password


class PasswordChanged(Model):
    """A new password, by someone who knows the one that counts now."""

    current: Password
    password: Password


class EventWished(Model):
    """An event to put on one's wish list."""

    event: Wished


class EmailWished(Model):
    """Another address, by someone who knows the password."""

    email: Email
    password: Password


class LinkKept(Model):
    """The token of the link in a guest's mail: its order is kept in one's account from now on."""

    link: LetterToken


class Visit(Model):
    """The session of this cookie; `due` where the role waits for a second factor to be added."""

    role: Role
    label: str | None
    expires_at: datetime
    due: bool = False


class Erasure(Model):
    """To be forgotten: `understood` says that lost tickets can no longer be sent afterwards (G-63)."""

    understood: bool


class LooksAfter(Model):
    """By service, the oldest look that was seen already; the next page begins after these."""

    accounts: UUID | None = None
    orders: UUID | None = None
    notify: UUID | None = None
    sharing: UUID | None = None
    retention: UUID | None = None


class MyLooks(Model):
    """Who looked at one's own data, newest first. `away` names services that do not answer just now.

    `before` is the query of the next page; None on the last.
    """

    looks: tuple[Look, ...]
    away: tuple[str, ...]
    before: LooksAfter | None


class EventQuery(Model):
    """Which event a list is about; all of them when absent."""

    event: UUID | None = None
