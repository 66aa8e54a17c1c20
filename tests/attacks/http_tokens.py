"""Tokens: forged, stolen, stretched, meant for somebody else, or none at all."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from joserfc import jwt
from joserfc.jwk import OKPKey

from chassis.clock import SystemClock
from chassis.decision import Refused
from chassis.tokens import CACHED, Bearer, Issuer, Key, Proof, Revocations, Verifier, _Known
from contracts.actors import Actor, Role
from tests.attacks.attack import Attack
from tests.attacks.ground import Ground
from tests.attacks.http_wall import Careless, ask, http_attack, staff

FOR_EVER = timedelta(days=3650)
OWN_KEY = Ed25519PrivateKey.generate()
OWN_PEM = OWN_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
OWN_PUBLIC = OKPKey.import_key(
    OWN_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
)


async def _books(ground: Ground, token: str | None, headers: dict[str, str] | None = None) -> str:
    """The books, which only finance and the privacy officer may see."""
    answer = await ask("GET", ground.doors["orders"] + "/books", token, headers=headers)
    return f"the books of the house, {answer.granted()['tickets']} tickets"


def _claims(role: Role = Role.FINANCE, **more: Any) -> dict[str, Any]:
    now = int(SystemClock().now().timestamp())
    return {
        "iss": "accounts",
        "aud": "orders",
        "sub": str(uuid4()),
        "role": role.value,
        "iat": now,
        "exp": now + 240,
        **more,
    }


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


def _public(ground: Ground, issuer: str) -> Path:
    return next((ground.instance.secrets / "orders" / "keys").glob(f"{issuer}.*.pub.pem"))


def _kid(ground: Ground, issuer: str) -> str:
    return OKPKey.import_key(_public(ground, issuer).read_bytes()).thumbprint()


async def _headers_for_a_token(ground: Ground) -> str:
    return await _books(ground, None, {"X-Role": "finance"})


async def _expired(ground: Ground) -> str:
    key = (ground.instance.secrets / "accounts" / "signing.pem").read_bytes()
    stolen = Issuer(key, "accounts").sign(
        Actor(Role.FINANCE, uuid4()), "orders", SystemClock().now() - timedelta(minutes=10)
    )
    return await _books(ground, stolen)


async def _other_audience(ground: Ground) -> str:
    return await _books(ground, staff(ground, Role.FINANCE, "notify"))


async def _own_signature(ground: Ground) -> str:
    return await _books(
        ground, Issuer(OWN_PEM, "accounts").sign(Actor(Role.FINANCE, uuid4()), "orders", SystemClock().now())
    )


async def _unsigned(ground: Ground) -> str:
    header = {"alg": "none", "kid": _kid(ground, "accounts")}
    return await _books(ground, f"{_part(header)}.{_part(_claims())}.")


async def _hs256(ground: Ground) -> str:
    """The public key, which everybody may know, as if it were a secret in common."""
    words = f"{_part({'alg': 'HS256', 'kid': _kid(ground, 'accounts')})}.{_part(_claims())}"
    mark = hmac.digest(_public(ground, "accounts").read_bytes(), words.encode(), hashlib.sha256)
    return await _books(ground, f"{words}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}")


def _by_gateway(ground: Ground, claims: dict[str, Any]) -> str:
    key = OKPKey.import_key((ground.instance.secrets / "gateway" / "signing.pem").read_bytes())
    return jwt.encode({"alg": "Ed25519", "kid": key.thumbprint()}, claims, key, algorithms=["Ed25519"])


async def _staff_by_gateway(ground: Ground) -> str:
    return await _books(ground, _by_gateway(ground, _claims(iss="gateway")))


async def _in_accounts_name(ground: Ground) -> str:
    return await _books(ground, _by_gateway(ground, _claims()))


async def _of(ground: Ground, claims: dict[str, Any]) -> str:
    answer = await ask("GET", ground.doors["orders"] + "/my/orders", _by_gateway(ground, claims))
    orders = answer.granted()["orders"]
    return f"{len(orders)} orders of the buyer" if orders else ""


async def _long_lived(ground: Ground) -> str:
    now = int(SystemClock().now().timestamp())
    claims = _claims(Role.VISITOR, iss="gateway", sub=str(ground.someone.subject), exp=now + 86_400 * 365)
    return await _of(ground, claims)


async def _endless(ground: Ground) -> str:
    claims = _claims(Role.VISITOR, iss="gateway", sub=str(ground.someone.subject))
    del claims["exp"]
    return await _of(ground, claims)


async def _revoked(ground: Ground) -> str:
    answer = await ask("GET", ground.doors["orders"] + "/events", ground.facts["revoked token"])
    return f"{len(answer.granted()['events'])} events, as a planner who was dismissed"


class Trusting(Verifier):
    """Believes what a token says of itself, if it names the algorithm."""

    def __init__(self, keys: tuple[Key, ...], audience: str, algorithm: str) -> None:
        super().__init__(keys, audience, Revocations())
        self._algorithm = algorithm

    def _read(self, token: str, now: datetime) -> _Known | Refused:
        head, body, _ = token.split(".")
        header, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in (head, body))
        if header["alg"] != self._algorithm:
            return Refused("token-invalid")
        actor = Actor(Role(claims["role"]), UUID(claims["sub"]))
        issued = datetime.fromtimestamp(claims["iat"], UTC)
        said = claims.get("auth_time")
        proof = None if said is None else Proof(datetime.fromtimestamp(said, UTC))
        return _Known(Bearer(actor, proof), issued, now + timedelta(minutes=5), now + CACHED)


class Late(Verifier):
    """A verifier whose clock is eight minutes slow."""

    def bearer(self, token: str, now: datetime) -> Bearer | Refused:
        """The actor as of a while ago."""
        return super().bearer(token, now - timedelta(minutes=8))


def _trusting(algorithm: str) -> Careless:
    return Careless("orders", verifier=lambda keys, audience: Trusting(keys, audience, algorithm))


def _by_header(request: web.Request, route: Any, door: Any) -> Bearer:
    return Bearer(Actor(Role(request.headers["X-Role"]), uuid4()), None)


def _any_role(claims: dict[str, Any], issuer: str) -> Actor:
    return Actor(Role(claims["role"]), UUID(claims["sub"]))


def _as_accounts(keys: tuple[Key, ...], audience: str, more: Sequence[Key] = ()) -> Verifier:
    known = tuple(Key("accounts", key.kid, key.key) if key.issuer == "gateway" else key for key in keys)
    return Verifier((*known, *more), audience, Revocations())


def _with_own_key(keys: tuple[Key, ...], audience: str) -> Verifier:
    return Verifier((*keys, Key("accounts", OWN_PUBLIC.thumbprint(), OWN_PUBLIC)), audience, Revocations())


class _Endless(dict[str, Any]):
    """Claims in which a missing end reads as an end to come."""

    def __missing__(self, name: str) -> Any:
        return self["iat"] + 240


def _without_end(token: str, keys: Any, audience: str, now: datetime) -> tuple[dict[str, Any], str]:
    decoded = jwt.decode(token, lambda obj: keys[obj.headers()["kid"]].key, algorithms=["Ed25519"])
    return _Endless(decoded.claims), decoded.claims["iss"]


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_forged(), *_stretched())


def _forged() -> Sequence[Attack[Ground]]:
    return (
        http_attack(
            "no token",
            "the books, by saying in a header who one is",
            "without a token a door with roles stays shut (G-71)",
            _headers_for_a_token,
            Careless("orders", swaps=(("chassis.web", "_bearer", _by_header),)),
        ),
        http_attack(
            "a signature of its own",
            "any role, with a key made at home",
            "tokens count by keys that operations handed out",
            _own_signature,
            Careless("orders", verifier=_with_own_key),
        ),
        http_attack(
            "alg none",
            "any role, without signing at all",
            "a token without a signature is no token",
            _unsigned,
            _trusting("none"),
        ),
        http_attack(
            "HS256 with the public key",
            "any role, signed with what everybody may know",
            "only Ed25519 signs tokens",
            _hs256,
            _trusting("HS256"),
        ),
        http_attack(
            "a staff role signed by the gateway",
            "the books, with the gateway's key",
            "only accounts speaks for staff",
            _staff_by_gateway,
            Careless("orders", swaps=(("chassis.tokens", "_actor", _any_role),)),
        ),
        http_attack(
            "the gateway's key in accounts' name",
            "the books, by naming another issuer",
            "a key speaks for its own issuer only",
            _in_accounts_name,
            Careless("orders", verifier=partial(_as_accounts)),
        ),
    )


def _stretched() -> Sequence[Attack[Ground]]:
    return (
        http_attack(
            "an expired token",
            "the books, with a token that was stolen a while ago",
            "a token counts until its end",
            _expired,
            Careless("orders", verifier=lambda keys, audience: Late(keys, audience, Revocations())),
        ),
        http_attack(
            "a token for another audience",
            "the books, with a token that notify was shown",
            "a token counts at one service",
            _other_audience,
            Careless("orders", verifier=lambda keys, audience: Verifier(keys, "notify", Revocations())),
        ),
        http_attack(
            "a token for a year",
            "a buyer's orders, for as long as it likes",
            "no token lives longer than five minutes",
            _long_lived,
            Careless("orders", swaps=(("chassis.tokens", "LIFETIME", FOR_EVER),)),
        ),
        http_attack(
            "a token without an end",
            "a buyer's orders for ever",
            "a token says when it ends",
            _endless,
            Careless("orders", swaps=(("chassis.tokens", "_claims", _without_end),)),
        ),
        http_attack(
            "a revoked actor",
            "to go on after a dismissal until the token runs out",
            "who was revoked is shut out within two seconds (G-71)",
            _revoked,
            Careless("orders", verifier=lambda keys, audience: Verifier(keys, audience, Revocations())),
        ),
    )
