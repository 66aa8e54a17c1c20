"""Doors of dangerous acts open to who proved who they are some minutes ago (G-71)."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from chassis.testing import SetClock
from chassis.tokens import ALGORITHMS, Issuer, Proof
from chassis.web import Call, Route
from contracts.actors import Actor, Role
from contracts.envelope import Model
from tests.chassis.shop import Keyring, Shop, key_pair, shop

OFFICER = Actor(Role.PRIVACY_OFFICER, uuid4())


class Wish(Model):
    """A body."""

    number: int


class Done(Model):
    """An answer."""

    number: int


async def erase(call: Call) -> Done:
    return Done(number=call.body.number)


OFFICERS = frozenset({Role.PRIVACY_OFFICER})
ROUTE = Route("POST", "/dangerous", "rights", OFFICERS, erase, body=Wish, answer=Done, fresh=True)


async def told(door: Shop, token: str, body: object) -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"}
    async with door.session.post(door.base + "/dangerous", json=body, headers=headers) as answer:
        return answer.status, str((await answer.json(content_type=None)).get("type", ""))


def signed(door: Shop, proof: Proof | None) -> str:
    issuer = Issuer(door.keyring.private["accounts"], "accounts")
    return issuer.sign(OFFICER, "orders", door.clock.now(), proof)


@pytest.mark.requirement("G-71")
async def test_a_proof_opens_the_door_for_ten_minutes(keyring: Keyring, clock: SetClock) -> None:
    needed = (401, "/problems/step-up-needed")
    async with shop([ROUTE], keyring, clock) as door:
        assert await told(door, signed(door, None), {"number": 1}) == needed
        for minutes, wanted in ((0, (200, "")), (10, (200, "")), (11, needed), (-1, needed)):
            at = clock.now() - timedelta(minutes=minutes)
            assert await told(door, signed(door, Proof(at)), {"number": 1}) == wanted
        # Nobody is asked for a proof of something that could not be done.
        assert (await told(door, signed(door, None), {"number": "x"}))[0] == 422


@pytest.mark.requirement("G-71")
async def test_a_token_grows_stale_while_it_still_counts(keyring: Keyring, clock: SetClock) -> None:
    async with shop([ROUTE], keyring, clock) as door:
        token = signed(door, Proof(clock.now() - timedelta(minutes=8)))
        assert (await told(door, token, {"number": 1}))[0] == 200
        clock.move(timedelta(minutes=3))
        assert (await told(door, token, {"number": 1}))[0] == 401


async def test_a_proof_that_somebody_else_wrote_is_none(keyring: Keyring, clock: SetClock) -> None:
    async with shop([ROUTE], keyring, clock) as door:
        header, _, signature = signed(door, Proof(clock.now() - timedelta(hours=1))).split(".")
        fresh = signed(door, Proof(clock.now())).split(".")[1]
        assert (await told(door, f"{header}.{fresh}.{signature}", {"number": 1}))[0] == 401
        own, _ = key_pair()
        kid = OKPKey.import_key(door.keyring.private["accounts"]).thumbprint()
        claims = jwt.decode(
            signed(door, None), OKPKey.import_key(door.keyring.private["accounts"]), algorithms=ALGORITHMS
        ).claims
        forged = jwt.encode(
            {"alg": "Ed25519", "kid": kid},
            {**claims, "auth_time": claims["iat"]},
            OKPKey.import_key(own),
            algorithms=ALGORITHMS,
        )
        assert await told(door, forged, {"number": 1}) == (401, "/problems/token-invalid")


def test_an_open_door_asks_nobody_for_a_proof() -> None:
    with pytest.raises(ValueError, match="proof"):
        Route("POST", "/open", "account", frozenset(), erase, open=True, fresh=True)
