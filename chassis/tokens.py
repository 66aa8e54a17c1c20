"""Who acts: short-lived signed tokens (Ed25519), the revoked, and the signed links of mails."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OKPKey

from chassis.decision import Refused
from contracts.actors import Actor, Role

ALGORITHMS = ["Ed25519"]
LIFETIME = timedelta(minutes=5)
CACHED = timedelta(seconds=30)
CACHE_SIZE = 10_000
MAX_LENGTH = 2_048
ACTIVE_KEYS = 2
LOGIN_ISSUER = "accounts"
LINK_AUDIENCE = "rights-link"
LETTER_AUDIENCE = "account-letter"
SIGN_OFF_AUDIENCE = "sign-off"
LINK_ISSUER = "notify"


@dataclass(frozen=True, slots=True)
class Proof:
    """When somebody last proved who they are, and how: words of RFC 8176, such as pwd, otp or mfa."""

    at: datetime
    methods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bearer:
    """Whom a token speaks for, and the proof that it carries, where it carries one."""

    actor: Actor
    proof: Proof | None


class Revocations:
    """Actors whose tokens count no longer, by the instant of their revocation (G-71).

    A token issued after that instant counts again: whoever lost one role may log in with another.
    """

    def __init__(self) -> None:
        self._since: Mapping[UUID, datetime] = {}

    def replace(self, since: Mapping[UUID, datetime]) -> None:
        """Take over the table as it was just read."""
        self._since = dict(since)

    def revoked(self, actor: UUID, issued: datetime) -> bool:
        """Whether a token of this actor, issued at that instant, counts no longer."""
        since = self._since.get(actor)
        return since is not None and issued <= since


class Issuer:
    """Signs tokens in one service's name: accounts for people who logged in, the gateway for visitors."""

    def __init__(self, private_key: bytes, name: str) -> None:
        self._key = OKPKey.import_key(private_key)
        self._header = {"alg": "Ed25519", "kid": self._key.thumbprint()}
        self._name = name

    def sign(self, actor: Actor, audience: str, now: datetime, proof: Proof | None = None) -> str:
        """A token of five minutes for one service; an issuer other than accounts signs visitors only.

        Without a `proof` it opens no door that wants a fresh one.
        """
        if self._name != LOGIN_ISSUER and actor.role is not Role.VISITOR:
            raise ValueError(f"{self._name} may not speak for the role {actor.role}")
        claims: dict[str, Any] = {
            "iss": self._name,
            "aud": audience,
            "sub": str(actor.id),
            "role": actor.role.value,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
        }
        if actor.organisation is not None:
            claims["org"] = str(actor.organisation)
            claims["own"] = actor.owner
        if proof is not None:
            claims |= {"auth_time": int(proof.at.timestamp()), "amr": list(proof.methods)}
        return jwt.encode(self._header, claims, self._key, algorithms=ALGORITHMS)


@dataclass(frozen=True, slots=True)
class Key:
    """A public key and the issuer that it speaks for."""

    issuer: str
    kid: str
    key: OKPKey


def read_keys(folder: Path) -> tuple[Key, ...]:
    """Public keys from `<issuer>.<anything>.pub.pem`; more than two of one issuer is a ValueError."""
    keys = tuple(_key(path) for path in sorted(folder.glob("*.pub.pem")))
    for issuer in {key.issuer for key in keys}:
        if sum(key.issuer == issuer for key in keys) > ACTIVE_KEYS:
            raise ValueError(f"{issuer} has more than {ACTIVE_KEYS} active keys")
    return keys


def _key(path: Path) -> Key:
    public = OKPKey.import_key(path.read_bytes())
    return Key(path.name.split(".")[0], public.thumbprint(), public)


@dataclass(frozen=True, slots=True)
class _Known:
    bearer: Bearer
    issued: datetime
    expires: datetime
    cached_until: datetime


class Verifier:
    """Reads tokens that are meant for one service."""

    def __init__(self, keys: tuple[Key, ...], audience: str, revocations: Revocations) -> None:
        self._keys = {key.kid: key for key in keys if key.issuer != LINK_ISSUER}
        self._audience = audience
        self._revocations = revocations
        self._cache: OrderedDict[bytes, _Known] = OrderedDict()

    def verify(self, token: str, now: datetime) -> Actor | Refused:
        """The actor of a token, or why it does not count: token-invalid, token-expired, actor-revoked."""
        read = self.bearer(token, now)
        return read if isinstance(read, Refused) else read.actor

    def bearer(self, token: str, now: datetime) -> Bearer | Refused:
        """The actor of a token with the proof it carries, or why it does not count."""
        if len(token) > MAX_LENGTH:
            return Refused("token-invalid")
        digest = hashlib.sha256(token.encode("utf-8", "replace")).digest()
        known = self._cache.get(digest)
        if known is None or now >= known.cached_until:
            read = self._read(token, now)
            if isinstance(read, Refused):
                return read
            known = self._remember(digest, read)
        if now >= known.expires:
            return Refused("token-expired")
        if self._revocations.revoked(known.bearer.actor.id, known.issued):
            return Refused("actor-revoked")
        return known.bearer

    def _remember(self, digest: bytes, known: _Known) -> _Known:
        self._cache[digest] = known
        self._cache.move_to_end(digest)
        while len(self._cache) > CACHE_SIZE:
            self._cache.popitem(last=False)
        return known

    def _read(self, token: str, now: datetime) -> _Known | Refused:
        try:
            claims, issuer = _claims(token, self._keys, self._audience, now)
            bearer = Bearer(_actor(claims, issuer), _proof(claims))
        except ExpiredTokenError:
            return Refused("token-expired")
        except (JoseError, ValueError, TypeError, KeyError):
            return Refused("token-invalid")
        issued, expires = _instant(claims["iat"]), _instant(claims["exp"])
        if expires - issued > LIFETIME:
            return Refused("token-invalid")
        return _Known(bearer, issued, expires, now + CACHED)


def _instant(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _claims(token: str, keys: Mapping[str, Key], audience: str, now: datetime) -> tuple[dict[str, Any], str]:
    """Claims and issuer of a token whose signature, audience and times hold; JoseError or KeyError if not."""
    found: list[Key] = []

    def pick(obj: Any) -> OKPKey:
        found.append(keys[obj.headers()["kid"]])
        return found[0].key

    decoded = jwt.decode(token, pick, algorithms=ALGORITHMS)
    issuer = found[0].issuer
    jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=0,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": audience},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    ).validate(decoded.claims)
    return decoded.claims, issuer


def _actor(claims: Mapping[str, Any], issuer: str) -> Actor:
    """The actor in a token's claims; ValueError where the issuer may not speak for that role."""
    role = Role(claims["role"])
    if role is Role.SYSTEM_JOB or (role is not Role.VISITOR and issuer != LOGIN_ISSUER):
        raise ValueError("this issuer may not speak for this role")
    organisation = claims.get("org")
    if role in (Role.ORGANISER, Role.ORGANISER_KEY) and organisation is None:
        raise ValueError("an organiser acts for an organisation")
    acting = UUID(organisation) if organisation is not None else None
    return Actor(role, UUID(claims["sub"]), acting, claims.get("own") is True)


def _proof(claims: Mapping[str, Any]) -> Proof | None:
    if "auth_time" not in claims:
        return None
    return Proof(_instant(claims["auth_time"]), tuple(str(word) for word in claims.get("amr", ())))


@dataclass(frozen=True, slots=True)
class Link:
    """What a mail's link proves: this person, who reads this language."""

    subject: UUID
    locale: str


@dataclass(frozen=True, slots=True)
class SignOff:
    """What the link at the foot of a mail proves: this person wants no more mails of one purpose."""

    subject: UUID
    locale: str
    purpose: str


class LinkSigner:
    """notify's signature under the links by which guests exercise their rights (W-40 to W-45)."""

    def __init__(self, private_key: bytes) -> None:
        self._key = OKPKey.import_key(private_key)
        self._header = {"alg": "Ed25519", "kid": self._key.thumbprint()}

    def sign(self, subject: UUID, locale: str, now: datetime, days: int) -> str:
        """A link's token that counts for a number of days."""
        claims = {
            "iss": LINK_ISSUER,
            "aud": LINK_AUDIENCE,
            "sub": str(subject),
            "locale": locale,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(days=days)).timestamp()),
        }
        return jwt.encode(self._header, claims, self._key, algorithms=ALGORITHMS)

    def sign_off(self, subject: UUID, locale: str, purpose: str, now: datetime, days: int) -> str:
        """A token that signs a person off from one purpose, and does nothing else (RFC 8058)."""
        claims = {
            "iss": LINK_ISSUER,
            "aud": SIGN_OFF_AUDIENCE,
            "sub": str(subject),
            "locale": locale,
            "purpose": purpose,
            "iat": int(now.timestamp()),
            "exp": int((now + timedelta(days=days)).timestamp()),
        }
        return jwt.encode(self._header, claims, self._key, algorithms=ALGORITHMS)

    def sign_letter(self, letter: UUID, now: datetime, until: datetime) -> str:
        """A token for one letter about an account: whoever reads mail at its address may use it once."""
        claims = {
            "iss": LINK_ISSUER,
            "aud": LETTER_AUDIENCE,
            "sub": str(letter),
            "iat": int(now.timestamp()),
            "exp": int(until.timestamp()),
        }
        return jwt.encode(self._header, claims, self._key, algorithms=ALGORITHMS)


class LinkReader:
    """The gateway's side of those links, and accounts' side of letters about an account."""

    def __init__(self, keys: tuple[Key, ...]) -> None:
        self._keys = {key.kid: key for key in keys if key.issuer == LINK_ISSUER}

    def read(self, token: str, now: datetime) -> Link | None:
        """Whom a link speaks for, or None where it was not signed by notify or no longer counts."""
        if len(token) > MAX_LENGTH:
            return None
        try:
            claims, _ = _claims(token, self._keys, LINK_AUDIENCE, now)
            return Link(UUID(claims["sub"]), str(claims["locale"]))
        except (JoseError, ValueError, TypeError, KeyError):
            return None

    def read_sign_off(self, token: str, now: datetime) -> SignOff | None:
        """Who no longer wants what, or None where notify did not sign it or it no longer counts."""
        if len(token) > MAX_LENGTH:
            return None
        try:
            claims, _ = _claims(token, self._keys, SIGN_OFF_AUDIENCE, now)
            return SignOff(UUID(claims["sub"]), str(claims["locale"]), str(claims["purpose"]))
        except (JoseError, ValueError, TypeError, KeyError):
            return None

    def read_letter(self, token: str, now: datetime) -> UUID | None:
        """The letter that a token came with, or None where notify did not sign it or its time is over."""
        if len(token) > MAX_LENGTH:
            return None
        try:
            claims, _ = _claims(token, self._keys, LETTER_AUDIENCE, now)
            return UUID(claims["sub"])
        except (JoseError, ValueError, TypeError, KeyError):
            return None
