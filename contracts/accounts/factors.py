"""Bodies and answers of accounts about second factors (G-71, F-74): the second step, proofs, apps, passkeys.

Routes; all of them are open and proved by what is in the body.
    POST /sessions/factor     account, open            <- AnswerChallenge -> Session (201)
    POST /account/proof       account, open            <- Prove -> Proved
    POST /passkeys/challenge  account, open            <- AskPasskey -> PasskeyChallenge
    POST /sessions/passkey    account, open            <- EnterByPasskey -> Session (201)
    POST /account/passkeys/offer account, open         <- Mine -> PasskeyChallenge
    POST /account/passkeys    account, open            <- AddPasskey -> FactorAdded (201)
    POST /account/apps/offer  account, open            <- Mine -> AppOffer
    POST /account/apps        account, open            <- AddApp -> FactorAdded (201)
    POST /account/factors/removal account, open        <- RemoveFactor -> 204
    POST /account/recovery-codes account, open         <- Mine -> RecoveryCodes (201)
"""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from contracts.accounts.api import Code, FactorName, Origin, Password, Secret, Session
from contracts.envelope import Model


class AnswerChallenge(Model):
    """The code that a log-in still needs, and the challenge that came with the refusal factor-needed."""

    challenge: Secret
    code: Code
    origin: Origin = Origin()


class AskPasskey(Model):
    """Somebody wants to come in by a passkey; nobody knows yet who."""

    origin: Origin = Origin()


class PasskeyChallenge(Model):
    """What a passkey is to sign: `options` as navigator.credentials takes them (WebAuthn's JSON)."""

    challenge: str
    options: dict[str, Any]


class PasskeyAnswer(Model):
    """What a passkey signed: the credential as WebAuthn's JSON, in a text."""

    challenge: Secret
    credential: Annotated[str, Field(max_length=20_000)]


class EnterByPasskey(PasskeyAnswer):
    """A log-in by a passkey, which counts as two factors: it asked its person for a finger or a PIN."""

    origin: Origin = Origin()


class Prove(Model):
    """Who opened a session proves anew who they are: by a code, a passkey, or lacking both the password."""

    secret: Secret
    code: Code | None = None
    passkey: PasskeyAnswer | None = None
    password: Password | None = None
    origin: Origin = Origin()


class Proved(Model):
    """Since when a session counts as fresh."""

    proved_at: datetime


class AppOffer(Model):
    """A secret for an app that makes codes: `uri` is for its camera, `key` for typing.

    `offer` holds the same, sealed, and counts for a quarter of an hour.
    """

    offer: Annotated[str, Field(max_length=1000)]
    key: str
    uri: str


class AddApp(Model):
    """The first code of an app proves that it has the secret of the offer."""

    secret: Secret
    offer: Annotated[str, Field(max_length=1000)]
    code: Code
    name: FactorName


class AddPasskey(PasskeyAnswer):
    """A passkey that somebody just made, by the name that they give it."""

    secret: Secret
    name: FactorName


class FactorAdded(Model):
    """A factor that counts from now on. The first one brings recovery codes, which are told once.

    For somebody who works here the first one also opens a new `session`, in their role.
    """

    recovery_codes: tuple[str, ...]
    session: Session | None


class RemoveFactor(Model):
    """One of one's own factors to take away."""

    secret: Secret
    factor: UUID


class RecoveryCodes(Model):
    """Codes to write down: each lets somebody in once, in the place of a factor."""

    recovery_codes: tuple[str, ...]
