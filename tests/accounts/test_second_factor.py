"""The second step of a log-in, and everything that keeps it from being stepped around."""

from __future__ import annotations

import asyncio
import base64
import os
import subprocess
import sys
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest

from chassis.sealing import Keyring, SealBroken
from chassis.tokens import Bearer, Proof, Revocations, Verifier, read_keys
from contracts.accounts.events import LetterOrderedV1
from contracts.actors import Actor, Role
from contracts.retention.events import CopyOrderedV1, ErasureOrderedV1
from deploy.topology import secrets
from services.accounts.codes import fresh_step
from services.accounts.domain.factors import ALPHABET, App, bare
from services.accounts.handlers.reseal_factors import ResealFactors
from tests.accounts.conftest import APP, PASSWORD, add_log_in, code, rested, second_step
from tests.accounts.letters import GOOD, OTHER, ask, letters, log_in, registered, token
from tests.accounts.premises import NOON, ROOT, Open

NOOR = "noor@bezoeker.example"


async def first_step(door: Open, user: str = "kassa", password: str = PASSWORD) -> Any:
    status, told = await door.call("POST", "/sessions", {"user": user, "password": password})
    assert (status, told["type"]) == (401, "/problems/factor-needed")
    return told


async def enrolled(door: Open, session: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Add an app to an account; its secret and what was told."""
    mine = {"secret": session["secret"]}
    status, offer = await door.call("POST", "/account/apps/offer", mine)
    assert status == 200, offer
    wish = {**mine, "offer": offer["offer"], "code": code(door, 0, offer["key"]), "name": "Telefoon"}
    status, added = await door.call("POST", "/account/apps", wish)
    assert status == 201, added
    return offer["key"], added


async def bearer(door: Open, secret: str) -> Bearer:
    """What services learn from a token of this session."""
    status, told = await door.call("POST", "/tokens", {"secret": secret, "audience": "orders"})
    assert status == 200, told
    keys = read_keys(door.premises.folder / "accounts" / "keys")
    found = Verifier(keys, "orders", Revocations()).bearer(told["token"], door.clock.now())
    assert isinstance(found, Bearer)
    return found


async def notices(door: Open) -> list[str]:
    return [event.kind for event in await door.said() if isinstance(event, LetterOrderedV1)]


@pytest.mark.requirement("G-71")
@pytest.mark.requirement("F-74")
async def test_staff_needs_a_code_after_the_password_and_the_token_says_both(
    accounts: Open, password_hash: str
) -> None:
    clerk = await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    told = await first_step(accounts)
    assert told["facts"]["methods"] == "totp"
    status, session = await second_step(accounts, told)
    assert (status, session["role"], session["due"]) == (201, "box_office", False)
    found = await bearer(accounts, session["secret"])
    assert found == Bearer(clerk, Proof(NOON, ("pwd", "otp", "mfa")))


@pytest.mark.requirement("G-71")
async def test_a_code_works_once_and_so_does_a_challenge(accounts: Open, password_hash: str) -> None:
    await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    told = await first_step(accounts)
    shown = code(accounts)
    assert (await second_step(accounts, told, shown))[0] == 201
    status, over = await second_step(accounts, told, code(accounts, 1))
    assert (status, over["type"]) == (410, "/problems/challenge-over")
    status, wrong = await second_step(accounts, await first_step(accounts), shown)
    assert (status, wrong["type"]) == (403, "/problems/code-wrong")
    both = [second_step(accounts, await first_step(accounts), code(accounts, 1)) for _ in range(2)]
    assert sorted(status for status, _ in await asyncio.gather(*both)) == [201, 403]


async def test_a_challenge_lasts_ten_minutes_and_is_forgotten(accounts: Open, password_hash: str) -> None:
    await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    told = await first_step(accounts)
    accounts.clock.move(timedelta(minutes=11))
    assert (await second_step(accounts, told))[0] == 410
    await accounts.run_timer("forget_challenges")
    assert await accounts.rows("SELECT * FROM challenge") == []


@pytest.mark.requirement("G-71")
async def test_codes_are_not_guessed_for_long_and_the_owner_is_not_locked_out(
    accounts: Open, password_hash: str
) -> None:
    await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    _, own = await second_step(accounts, await first_step(accounts))
    told = await first_step(accounts)
    wrong = f"{(int(code(accounts, 5)) + 1) % 10**6:06d}"
    got = [(await second_step(accounts, told, wrong))[0] for _ in range(4)]
    assert got == [403, 403, 403, 429]
    await rested(accounts)
    assert (await second_step(accounts, told))[0] == 429
    assert (await second_step(accounts, told, known=own["device"]))[0] == 201


@pytest.mark.requirement("F-74")
async def test_staff_without_a_factor_is_a_visitor_until_they_have_one(
    accounts: Open, password_hash: str
) -> None:
    clerk = await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    await accounts.rows("DELETE FROM totp")
    status, session = await log_in(accounts, "kassa", PASSWORD)
    assert (status, session["role"], session["due"]) == (201, "visitor", True)
    assert (await bearer(accounts, session["secret"])).actor.role is Role.VISITOR
    await accounts.said()
    _, added = await enrolled(accounts, session)
    assert len(added["recovery_codes"]) == 10
    grown = added["session"]
    assert (grown["role"], grown["due"]) == ("box_office", False)
    assert (await bearer(accounts, grown["secret"])).actor == clerk
    # Rights grew, so the secret from before opens nothing any more.
    old = {"secret": session["secret"], "audience": "orders"}
    assert (await accounts.call("POST", "/tokens", old))[0] == 401
    assert await notices(accounts) == ["factor_added"]


async def test_a_visitor_may_add_an_app_and_then_needs_it(accounts: Open) -> None:
    own = await registered(accounts, NOOR)
    _, account = await accounts.call("POST", "/account", {"secret": own["secret"]})
    assert (account["factors"], account["must"]) == ([], False)
    key, added = await enrolled(accounts, own)
    assert added["session"] is None
    _, account = await accounts.call("POST", "/account", {"secret": own["secret"]})
    assert [(one["kind"], one["name"]) for one in account["factors"]] == [("totp", "Telefoon")]
    assert account["recovery_left"] == 10
    stored = str(
        await accounts.rows("SELECT * FROM totp") + await accounts.rows("SELECT * FROM recovery_code")
    )
    assert key not in stored
    assert not [one for one in added["recovery_codes"] if bare(one) in stored]
    told = await first_step(accounts, NOOR, GOOD)
    assert (await second_step(accounts, told, code(accounts, 1, key)))[0] == 201


async def test_an_offer_is_used_once_in_the_session_that_it_was_made_for(accounts: Open) -> None:
    own = await registered(accounts, NOOR)
    _, other = await log_in(accounts, NOOR)
    _, offer = await accounts.call("POST", "/account/apps/offer", {"secret": own["secret"]})
    wish = {"offer": offer["offer"], "code": code(accounts, 0, offer["key"]), "name": "Telefoon"}
    status, told = await accounts.call("POST", "/account/apps", {**wish, "secret": other["secret"]})
    assert (status, told["type"]) == (410, "/problems/offer-over")
    wrong = {**wish, "secret": own["secret"], "code": "000000"}
    assert (await accounts.call("POST", "/account/apps", wrong))[0] == 403
    for status in (201, 410):
        assert (await accounts.call("POST", "/account/apps", {**wish, "secret": own["secret"]}))[0] == status


@pytest.mark.requirement("G-71")
async def test_a_letter_is_no_way_around_the_second_step(accounts: Open) -> None:
    own = await registered(accounts, NOOR)
    key, _ = await enrolled(accounts, own)
    await letters(accounts)
    await ask(accounts, "password-resets", NOOR)
    (letter,) = await letters(accounts)
    body = {"token": token(accounts, letter), "password": OTHER}
    status, told = await accounts.call("POST", "/passwords", body)
    assert (status, told["type"]) == (401, "/problems/factor-needed")
    assert await accounts.rows("SELECT * FROM session") == []
    assert (await second_step(accounts, told, code(accounts, 1, key)))[0] == 201
    await first_step(accounts, NOOR, OTHER)


@pytest.mark.requirement("G-71")
async def test_a_recovery_code_works_once_and_is_told_by_mail(accounts: Open) -> None:
    own = await registered(accounts, NOOR)
    _, added = await enrolled(accounts, own)
    await accounts.said()
    typed = added["recovery_codes"][3].lower().replace("-", " ")
    assert (await second_step(accounts, await first_step(accounts, NOOR, GOOD), typed))[0] == 201
    assert "recovery_used" in await notices(accounts)
    assert (await second_step(accounts, await first_step(accounts, NOOR, GOOD), typed))[0] == 403
    _, renewed = await accounts.call("POST", "/account/recovery-codes", {"secret": own["secret"]})
    assert len(renewed["recovery_codes"]) == 10
    before, after = added["recovery_codes"][4], renewed["recovery_codes"][4]
    assert (await second_step(accounts, await first_step(accounts, NOOR, GOOD), before))[0] == 403
    assert (await second_step(accounts, await first_step(accounts, NOOR, GOOD), after))[0] == 201


@pytest.mark.requirement("G-71")
async def test_changing_factors_needs_a_fresh_proof_and_staff_keeps_the_last(
    accounts: Open, password_hash: str
) -> None:
    await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    _, session = await second_step(accounts, await first_step(accounts))
    mine = {"secret": session["secret"]}
    _, account = await accounts.call("POST", "/account", mine)
    gone = {**mine, "factor": account["factors"][0]["id"]}
    accounts.clock.move(timedelta(minutes=11))
    for path, body in (
        ("/account/apps/offer", mine),
        ("/account/factors/removal", gone),
        ("/account/recovery-codes", mine),
    ):
        status, told = await accounts.call("POST", path, body)
        assert (status, told["type"]) == (401, "/problems/step-up-needed")
    status, told = await accounts.call("POST", "/account/proof", {**mine, "password": PASSWORD})
    assert (status, told["type"]) == (401, "/problems/factor-needed")
    assert (await accounts.call("POST", "/account/proof", {**mine, "code": code(accounts)}))[0] == 200
    status, told = await accounts.call("POST", "/account/factors/removal", gone)
    assert (status, told["type"]) == (409, "/problems/last-factor")
    await accounts.said()
    await enrolled(accounts, session)
    assert (await accounts.call("POST", "/account/factors/removal", gone))[0] == 204
    assert await notices(accounts) == ["factor_added", "factor_removed"]


@pytest.mark.requirement("G-71")
async def test_whoever_has_a_second_step_shows_it_before_password_or_address_change(accounts: Open) -> None:
    session = await registered(accounts, NOOR)
    key, _ = await enrolled(accounts, session)
    mine = {"secret": session["secret"]}
    changes = (
        ("PUT", "/account/password", {**mine, "current": GOOD, "password": "vier droge parasols"}),
        ("POST", "/account/email", {**mine, "email": "noor@elders.example", "password": GOOD}),
    )
    accounts.clock.move(timedelta(minutes=11))
    await accounts.said()
    for method, path, body in changes:
        status, told = await accounts.call(method, path, body)
        assert (status, told["type"]) == (401, "/problems/step-up-needed")
    assert await accounts.said() == []
    proof = {**mine, "code": code(accounts, 0, key)}
    assert (await accounts.call("POST", "/account/proof", proof))[0] == 200
    for method, path, body in reversed(changes):
        assert (await accounts.call(method, path, body))[0] in (202, 204)


@pytest.mark.requirement("G-71")
async def test_a_proof_freshens_its_own_session_alone(accounts: Open) -> None:
    one = await registered(accounts, NOOR)
    _, other = await log_in(accounts, NOOR)
    accounts.clock.move(timedelta(minutes=30))
    proof = {"secret": one["secret"], "password": "mis"}
    assert (await accounts.call("POST", "/account/proof", proof))[0] == 403
    assert (await accounts.call("POST", "/account/proof", {**proof, "password": GOOD}))[0] == 200
    times = [(await bearer(accounts, session["secret"])).proof for session in (one, other)]
    assert [proof.at for proof in times if proof] == [NOON + timedelta(minutes=30), NOON]


async def test_a_visitor_without_factors_takes_the_last_one_away_with_its_codes(accounts: Open) -> None:
    own = await registered(accounts, NOOR)
    await enrolled(accounts, own)
    mine = {"secret": own["secret"]}
    _, account = await accounts.call("POST", "/account", mine)
    gone = {**mine, "factor": account["factors"][0]["id"]}
    assert (await accounts.call("POST", "/account/factors/removal", gone))[0] == 204
    assert await accounts.rows("SELECT * FROM recovery_code") == []
    status, told = await accounts.call("POST", "/account/recovery-codes", mine)
    assert (status, told["type"]) == (409, "/problems/no-factor")
    assert (await log_in(accounts, NOOR))[0] == 201


@pytest.mark.requirement("G-71")
async def test_sessions_end_when_nobody_uses_them_and_sooner_for_staff(
    accounts: Open, password_hash: str
) -> None:
    await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    visitor = await registered(accounts, NOOR)
    _, clerk = await second_step(accounts, await first_step(accounts))

    async def works() -> list[bool]:
        bodies = [{"secret": one["secret"], "audience": "orders"} for one in (visitor, clerk)]
        return [(await accounts.call("POST", "/tokens", body))[0] == 200 for body in bodies]

    for _ in range(6):
        accounts.clock.move(timedelta(minutes=110))
        assert await works() == [True, True]
    accounts.clock.move(timedelta(minutes=110))
    assert await works() == [True, False]
    accounts.clock.move(timedelta(hours=9))
    assert await works() == [False, False]


@pytest.mark.requirement("W-60")
async def test_secrets_move_under_a_new_key_and_open_nowhere_else(accounts: Open, password_hash: str) -> None:
    clerk = await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    folder = accounts.premises.folder
    old = Keyring.read(folder / "accounts" / "factors")
    secrets.rotate_sealing(folder / secrets.FACTORS)
    keys = Keyring.read(folder / "accounts" / "factors")
    assert keys.newest == old.newest + 1
    await ResealFactors(accounts.service.workplace, keys)()
    (row,) = await accounts.rows("SELECT * FROM totp")
    assert row["key_id"] == keys.newest
    assert keys.open(row["key_id"], row["sealed_secret"], f"totp/{clerk.id}").decode() == APP
    for ring, place in ((old, f"totp/{clerk.id}"), (keys, f"totp/{UUID(int=1)}")):
        with pytest.raises(SealBroken):
            ring.open(row["key_id"], row["sealed_secret"], place)
    (folder / "accounts" / "factors" / f"{keys.newest}.key").unlink()


def test_only_codes_around_the_present_and_after_the_last_one_count() -> None:
    made, step = pyotp.TOTP(APP), int(NOON.timestamp()) // 30
    app = App(UUID(int=1), APP, 0)
    shown = {ahead: made.at(NOON, counter_offset=ahead) for ahead in range(-2, 3)}
    found = {ahead: fresh_step(app, code, NOON) for ahead, code in shown.items()}
    assert found == {-2: None, -1: step - 1, 0: step, 1: step + 1, 2: None}
    used = App(app.id, APP, step)
    assert [fresh_step(used, shown[ahead], NOON) for ahead in (-1, 0, 1)] == [None, None, step + 1]
    assert len(set(ALPHABET)) == 32
    assert base64.b32decode(APP)


@pytest.mark.requirement("G-71")
async def test_two_people_in_charge_clear_what_was_lost_and_stand_in_the_log(
    accounts: Open, password_hash: str
) -> None:
    clerk = await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    beheer = await add_log_in(accounts, password_hash, "beheer", Role.ADMINISTRATOR)
    privacy = await add_log_in(accounts, password_hash, "privacy", Role.PRIVACY_OFFICER)
    _, session = await second_step(accounts, await first_step(accounts))
    await accounts.said()

    async def cleared(*lines: str) -> str:
        told = accounts.premises.settings("accounts")
        environment = {f"AVONDKASSA_{key.upper()}": str(value) for key, value in told.items()}
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "services.accounts", "clear-factors"],
            input="\n".join(lines),
            env={**os.environ, **environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode == 0) == ("done" in done.stdout), done.stderr
        return done.stdout.strip().removeprefix("clear-factors: ")

    def now(user: str) -> str:
        return f"{user} {pyotp.TOTP(APP).now()}"

    assert await cleared("niemand", now("beheer"), now("privacy")) == "no such user"
    assert await cleared("kassa", now("beheer")) == "not two people"
    await rested(accounts)
    assert await cleared("kassa", now("beheer"), now("kassa")) == "not in charge"
    await rested(accounts)
    assert await cleared("kassa", now("beheer"), "privacy 000000") == "code wrong"
    assert await accounts.rows("SELECT * FROM access_entry") == []
    await rested(accounts)
    assert await cleared("kassa", now("beheer"), now("privacy")) == "done"
    entries = await accounts.rows("SELECT role, actor FROM access_entry")
    assert {(one["role"], one["actor"]) for one in entries} == {
        ("administrator", beheer.id),
        ("privacy_officer", privacy.id),
    }
    assert await notices(accounts) == ["factor_removed"]
    assert (await accounts.call("POST", "/account", {"secret": session["secret"]}))[0] == 401
    _, again = await log_in(accounts, "kassa", PASSWORD)
    assert (again["actor"], again["due"]) == (str(clerk.id), True)


@pytest.mark.requirement("W-40")
@pytest.mark.requirement("W-42")
async def test_factors_stand_in_a_copy_without_secrets_and_go_with_their_person(accounts: Open) -> None:
    own = await registered(accounts, NOOR)
    key, _ = await enrolled(accounts, own)
    me = Actor(Role.VISITOR, UUID(own["actor"]))
    await accounts.rows(
        "INSERT INTO passkey (id, subject_id, name, credential_id, public_key, sign_count, added_at)"
        " VALUES ($1, $1, 'Sleutel', $2, $2, 0, $3)",
        me.id,
        b"a-credential-of-noor",
        NOON,
    )
    await first_step(accounts, NOOR, GOOD)
    tables = ("totp", "passkey", "recovery_code", "challenge")
    request = uuid4()
    await accounts.hear(CopyOrderedV1(subject=me.id, request=request))
    _, part = await accounts.call("GET", f"/copies/{request}", actor=me)
    assert set(tables) <= set(part["tables"])
    assert part["tables"]["totp"]["rows"][0]["name"] == "Telefoon"
    assert not [secret for secret in (key, b"a-credential-of-noor".hex()) if secret in str(part)]
    await accounts.hear(ErasureOrderedV1(subject=me.id, case=uuid4(), as_of=NOON))
    assert [await accounts.rows(f"SELECT * FROM {table}") for table in tables] == [[], [], [], []]
