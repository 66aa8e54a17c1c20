"""Tokens: five minutes, one audience, the right issuer, and gone at once when revoked."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from chassis.decision import Refused
from chassis.testing import SetClock
from chassis.tokens import Issuer, Link, LinkReader, LinkSigner, Revocations, Verifier, read_keys
from contracts.actors import Actor, Role
from tests.chassis.shop import Keyring, key_pair


@pytest.fixture
def revocations() -> Revocations:
    return Revocations()


@pytest.fixture
def verifier(keyring: Keyring, revocations: Revocations) -> Verifier:
    return Verifier(read_keys(keyring.folder), "orders", revocations)


def forged(keyring: Keyring, issuer: str, clock: SetClock, **changes: Any) -> str:
    """A token with a good signature whose claims we choose."""
    key = OKPKey.import_key(keyring.private[issuer])
    now = int(clock.now().timestamp())
    claims = {
        "iss": issuer, "aud": "orders", "sub": str(uuid4()), "role": "visitor", "iat": now, "exp": now + 300
    }  # fmt: skip
    wanted = {name: value for name, value in (claims | changes).items() if value is not None}
    return jwt.encode({"alg": "Ed25519", "kid": key.thumbprint()}, wanted, key, algorithms=["Ed25519"])


def test_an_actor_comes_back_as_signed(keyring: Keyring, verifier: Verifier, clock: SetClock) -> None:
    organiser = Actor(Role.ORGANISER, uuid4(), uuid4())
    token = Issuer(keyring.private["accounts"], "accounts").sign(organiser, "orders", clock.now())
    assert verifier.verify(token, clock.now()) == organiser
    assert verifier.verify(token, clock.now()) == organiser


@pytest.mark.requirement("G-71")
def test_a_token_ends_after_five_minutes_even_when_cached(
    keyring: Keyring, verifier: Verifier, clock: SetClock, visitor: Actor
) -> None:
    token = Issuer(keyring.private["gateway"], "gateway").sign(visitor, "orders", clock.now())
    clock.move(timedelta(seconds=299))
    assert verifier.verify(token, clock.now()) == visitor
    clock.move(timedelta(seconds=1))
    assert verifier.verify(token, clock.now()) == Refused("token-expired")


@pytest.mark.requirement("G-71")
def test_revocation_wins_over_the_cache_and_a_later_log_in_counts(
    keyring: Keyring, verifier: Verifier, revocations: Revocations, clock: SetClock, clerk: Actor
) -> None:
    issuer = Issuer(keyring.private["accounts"], "accounts")
    token = issuer.sign(clerk, "orders", clock.now())
    assert verifier.verify(token, clock.now()) == clerk
    clock.move(timedelta(seconds=1))
    revocations.replace({clerk.id: clock.now()})
    assert verifier.verify(token, clock.now()) == Refused("actor-revoked")
    clock.move(timedelta(seconds=1))
    assert verifier.verify(issuer.sign(clerk, "orders", clock.now()), clock.now()) == clerk


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.VISITOR}))
def test_the_gateway_cannot_speak_for_anyone_but_visitors(
    keyring: Keyring, verifier: Verifier, clock: SetClock, role: Role
) -> None:
    with pytest.raises(ValueError):
        Issuer(keyring.private["gateway"], "gateway").sign(Actor(role, uuid4()), "orders", clock.now())
    token = forged(keyring, "gateway", clock, role=role.value, org=str(uuid4()))
    assert verifier.verify(token, clock.now()) == Refused("token-invalid")


@pytest.mark.parametrize(
    ("issuer", "changes"),
    [
        ("accounts", {"aud": "notify"}),
        ("accounts", {"aud": None}),
        ("accounts", {"exp": None}),
        ("accounts", {"iat": None}),
        ("accounts", {"sub": "someone"}),
        ("accounts", {"role": "king"}),
        ("accounts", {"role": None}),
        ("accounts", {"role": "system_job"}),
        ("accounts", {"role": "organiser"}),
        ("accounts", {"iss": "gateway"}),
        ("gateway", {"iss": "accounts"}),
        ("accounts", {"exp": 99_999_999_999}),
        ("accounts", {"iat": 99_999_999_999}),
        ("notify", {}),
    ],
)
def test_a_claim_out_of_place_is_refused(
    keyring: Keyring, verifier: Verifier, clock: SetClock, issuer: str, changes: dict[str, Any]
) -> None:
    token = forged(keyring, issuer, clock, **changes)
    assert verifier.verify(token, clock.now()) == Refused("token-invalid")


def test_foreign_keys_and_algorithms_are_refused(
    keyring: Keyring, verifier: Verifier, clock: SetClock, visitor: Actor
) -> None:
    stranger, _ = key_pair()
    by_stranger = Issuer(stranger, "gateway").sign(visitor, "orders", clock.now())
    kid = OKPKey.import_key(keyring.private["accounts"]).thumbprint()
    secret = OctKey.generate_key(256)
    by_secret = jwt.encode({"alg": "HS256", "kid": kid}, {"sub": "x"}, secret, algorithms=["HS256"])
    good = Issuer(keyring.private["gateway"], "gateway").sign(visitor, "orders", clock.now())
    tampered = good[:-8] + "AAAAAAAA"
    for token in (by_stranger, by_secret, tampered, "a.b.c", "", "é" * 50, "x" * 5000):
        assert verifier.verify(token, clock.now()) == Refused("token-invalid")


def test_two_keys_of_one_issuer_are_active_and_three_are_an_error(
    keyring: Keyring, clock: SetClock, visitor: Actor
) -> None:
    private, public = key_pair()
    (keyring.folder / "gateway.2.pub.pem").write_bytes(public)
    both = Verifier(read_keys(keyring.folder), "orders", Revocations())
    for key in (private, keyring.private["gateway"]):
        assert (
            both.verify(Issuer(key, "gateway").sign(visitor, "orders", clock.now()), clock.now()) == visitor
        )
    (keyring.folder / "gateway.3.pub.pem").write_bytes(key_pair()[1])
    with pytest.raises(ValueError, match="gateway"):
        read_keys(keyring.folder)


@pytest.mark.requirement("W-40")
def test_a_mail_link_proves_its_subject_until_it_ends(
    keyring: Keyring, verifier: Verifier, clock: SetClock
) -> None:
    subject = uuid4()
    token = LinkSigner(keyring.private["notify"]).sign(subject, "fr", clock.now(), 30)
    reader = LinkReader(read_keys(keyring.folder))
    assert reader.read(token, clock.now()) == Link(subject, "fr")
    assert verifier.verify(token, clock.now()) == Refused("token-invalid")
    by_gateway = LinkSigner(keyring.private["gateway"]).sign(subject, "fr", clock.now(), 30)
    assert reader.read(by_gateway, clock.now()) is None
    clock.move(timedelta(days=30))
    assert reader.read(token, clock.now()) is None
    assert reader.read("nonsense", clock.now()) is None
