"""Passkeys (WebAuthn level 3): what a browser is asked to sign, and whether it did."""

import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import webauthn
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

NONCE_BYTES = 32
NOT_EVEN_JSON = (WebAuthnException, ValueError, KeyError, TypeError)
VERIFIED = UserVerificationRequirement.REQUIRED


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """The public half of a passkey that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """The house as passkeys know it: they sign for this host and origin only, so phishing gets nothing."""

    id: str
    name: str
    origin: str

    @classmethod
    def of(cls, public_url: str, name: str, id: str | None = None) -> "RelyingParty":
        """The house at an address; `id` where passkeys are to count for a wider domain than its host."""
        parts = urlsplit(public_url)
        return cls(id or parts.hostname or "localhost", name, f"{parts.scheme}://{parts.netloc}")

    def creation(self, subject: UUID, user: str, nonce: bytes, known: Iterable[bytes]) -> dict[str, Any]:
        """Options to make a passkey that is found without a user name and asks its person for more."""
        options = webauthn.generate_registration_options(
            rp_id=self.id,
            rp_name=self.name,
            user_id=subject.bytes,
            user_name=user,
            user_display_name=user,
            challenge=nonce,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        )
        return _told(options)

    def request(self, nonce: bytes) -> dict[str, Any]:
        """Options to sign with whichever passkey of this house somebody has."""
        options = webauthn.generate_authentication_options(
            rp_id=self.id, challenge=nonce, user_verification=VERIFIED
        )
        return _told(options)

    def made(self, credential: str, nonce: bytes) -> NewPasskey | None:
        """The passkey that was made for this challenge; None for anything else."""
        try:
            found = webauthn.verify_registration_response(
                credential=credential,
                expected_challenge=nonce,
                expected_rp_id=self.id,
                expected_origin=self.origin,
                require_user_verification=True,
            )
        except NOT_EVEN_JSON:
            return None
        return NewPasskey(found.credential_id, found.credential_public_key, found.sign_count)

    def signed(self, credential: str, nonce: bytes, key: bytes, count: int) -> int | None:
        """The counter of a passkey that signed this challenge; None where it did not, its person was not
        verified, or its counter did not grow, as when there is a copy of it."""
        try:
            found = webauthn.verify_authentication_response(
                credential=credential,
                expected_challenge=nonce,
                expected_rp_id=self.id,
                expected_origin=self.origin,
                credential_public_key=key,
                credential_current_sign_count=count,
                require_user_verification=True,
            )
        except NOT_EVEN_JSON:
            return None
        return found.new_sign_count


def fresh_nonce() -> bytes:
    """What a passkey is to sign: nobody has seen it before."""
    return secrets.token_bytes(NONCE_BYTES)


def named_in(credential: str) -> tuple[bytes, bytes | None] | None:
    """Which passkey signed, and for whom as it says (the user handle); None where it names none."""
    try:
        told = json.loads(credential)
        handle = told["response"].get("userHandle")
        return base64url_to_bytes(told["id"]), base64url_to_bytes(handle) if handle else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _told(options: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(webauthn.options_to_json(options))
    return told
