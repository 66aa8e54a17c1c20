"""Passkeys at the door of accounts: what is signed for another place, twice or by nobody opens nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.tokens import Proof
from contracts.actors import Role
from tests.accounts.authenticator import PRESENT, Authenticator
from tests.accounts.conftest import PASSWORD, add_log_in
from tests.accounts.letters import GOOD, log_in, registered
from tests.accounts.premises import NOON, Open
from tests.accounts.test_second_factor import bearer, first_step, notices

NOOR, MOOS = "noor@bezoeker.example", "moos@bezoeker.example"
REFUSED = (403, "/problems/passkey-refused")


async def added(door: Open, session: dict[str, Any], device: Authenticator) -> tuple[int, Any]:
    """Add a passkey to an account."""
    mine = {"secret": session["secret"]}
    status, offer = await door.call("POST", "/account/passkeys/offer", mine)
    assert status == 200, offer
    answer = {"challenge": offer["challenge"], "credential": device.make(offer["options"])}
    return await door.call("POST", "/account/passkeys", {**mine, **answer, "name": "Telefoon"})


async def asked(door: Open) -> Any:
    """What a passkey is to sign."""
    status, told = await door.call("POST", "/passkeys/challenge", {})
    assert status == 200, told
    return told


async def entered(door: Open, device: Authenticator, told: Any = None) -> tuple[int, Any]:
    """Log in by a passkey."""
    told = told or await asked(door)
    answer = {"challenge": told["challenge"], "credential": device.sign(told["options"])}
    return await door.call("POST", "/sessions/passkey", answer)


def slug(got: tuple[int, Any]) -> tuple[int, str]:
    return got[0], got[1].get("type", "")


@pytest.mark.requirement("F-74")
async def test_a_passkey_opens_a_session_in_a_role_by_itself(accounts: Open, password_hash: str) -> None:
    clerk = await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    await accounts.rows("DELETE FROM totp")
    _, session = await log_in(accounts, "kassa", PASSWORD)
    device = Authenticator()
    status, told = await added(accounts, session, device)
    assert (status, told["session"]["role"], len(told["recovery_codes"])) == (201, "box_office", 10)
    status, session = await entered(accounts, device)
    assert (status, session["role"], session["due"]) == (201, "box_office", False)
    found = await bearer(accounts, session["secret"])
    assert (found.actor, found.proof) == (clerk, Proof(NOON, ("pop", "mfa")))
    # The password alone opens nothing any more, and the person cannot take the last one away.
    assert (await first_step(accounts))["facts"]["methods"] == "passkey recovery"
    _, account = await accounts.call("POST", "/account", {"secret": session["secret"]})
    gone = {"secret": session["secret"], "factor": account["factors"][0]["id"]}
    removal = await accounts.call("POST", "/account/factors/removal", gone)
    assert slug(removal) == (409, "/problems/last-factor")


@pytest.mark.requirement("G-71")
async def test_what_was_signed_elsewhere_or_by_nobody_is_refused(accounts: Open) -> None:
    own, device = await registered(accounts, NOOR), Authenticator()
    assert (await added(accounts, own, device))[0] == 201
    lies: tuple[dict[str, Any], ...] = (
        {"origin": "https://evil.example"},
        {"host": "evil.example"},
        {"flags": PRESENT},
    )
    for lie in lies:
        assert slug(await entered(accounts, replace(device, count=device.count + 10, **lie))) == REFUSED, lie
    stranger = Authenticator(id=device.id, user=device.user, count=50)
    assert slug(await entered(accounts, stranger)) == REFUSED
    assert (await entered(accounts, device))[0] == 201


@pytest.mark.requirement("G-71")
async def test_a_challenge_is_answered_once_and_a_copy_of_a_device_is_noticed(accounts: Open) -> None:
    own, device = await registered(accounts, NOOR), Authenticator()
    await added(accounts, own, device)
    told = await asked(accounts)
    assert (await entered(accounts, device, told))[0] == 201
    assert slug(await entered(accounts, device, told)) == (410, "/problems/challenge-over")
    device.count -= 2
    assert slug(await entered(accounts, device)) == REFUSED
    late = await asked(accounts)
    accounts.clock.move(timedelta(minutes=11))
    device.count += 5
    assert slug(await entered(accounts, device, late)) == (410, "/problems/challenge-over")


async def test_somebody_elses_passkey_proves_nothing_here(accounts: Open) -> None:
    noor, moos = await registered(accounts, NOOR), await registered(accounts, MOOS)
    hers, his = Authenticator(), Authenticator()
    await added(accounts, noor, hers)
    await added(accounts, moos, his)
    accounts.clock.move(timedelta(minutes=30))

    async def proof(device: Authenticator) -> tuple[int, str]:
        told = await asked(accounts)
        signed = {"challenge": told["challenge"], "credential": device.sign(told["options"])}
        body = {"secret": noor["secret"], "passkey": signed}
        return slug(await accounts.call("POST", "/account/proof", body))

    assert await proof(his) == REFUSED
    assert await proof(hers) == (200, "")
    body = {"secret": noor["secret"], "password": GOOD}
    assert slug(await accounts.call("POST", "/account/proof", body)) == (401, "/problems/factor-needed")


async def test_an_offer_is_for_the_person_who_asked_and_for_one_passkey(accounts: Open) -> None:
    noor, moos = await registered(accounts, NOOR), await registered(accounts, MOOS)
    device, mine = Authenticator(), {"secret": noor["secret"]}
    _, offer = await accounts.call("POST", "/account/passkeys/offer", mine)
    answer = {"challenge": offer["challenge"], "credential": device.make(offer["options"]), "name": "x"}
    stolen = {**answer, "secret": moos["secret"]}
    assert slug(await accounts.call("POST", "/account/passkeys", stolen)) == (410, "/problems/challenge-over")
    await accounts.said()
    assert (await accounts.call("POST", "/account/passkeys", {**mine, **answer}))[0] == 201
    assert await notices(accounts) == ["factor_added"]
    assert slug(await accounts.call("POST", "/account/passkeys", {**mine, **answer}))[0] == 410
    # The same passkey is nobody else's, and a device is told what it made already.
    _, again = await accounts.call("POST", "/account/passkeys/offer", mine)
    assert len(again["options"]["excludeCredentials"]) == 1
    assert slug(await added(accounts, moos, device)) == REFUSED
    broken = {**mine, "challenge": again["challenge"], "credential": "{}", "name": "x"}
    assert slug(await accounts.call("POST", "/account/passkeys", broken)) == REFUSED
