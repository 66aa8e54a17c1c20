"""Logging in, tokens and logging out, as a person at the door notices them."""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from chassis.tokens import Revocations, Verifier, read_keys
from contracts.accounts.events import ActivitySeenV1, ActorRevokedV1
from contracts.actors import Actor, Role
from tests.accounts.conftest import PASSWORD, add_log_in, rested, second_step
from tests.accounts.premises import ROOT, Open


async def log_in(door: Open, user: str, password: str = PASSWORD) -> tuple[int, Any]:
    """Both steps, where two are needed."""
    status, told = await door.call("POST", "/sessions", {"user": user, "password": password})
    if told.get("type") != "/problems/factor-needed":
        return status, told
    await rested(door)
    return await second_step(door, told)


@pytest.mark.requirement("G-71")
async def test_staff_logs_in_and_gets_a_token_that_names_role_and_organisation(
    accounts: Open, password_hash: str
) -> None:
    house = uuid4()
    clerk = await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    organiser = await add_log_in(accounts, password_hash, "organisator", Role.ORGANISER, house)
    for user, actor in (("kassa", clerk), ("  ORGANISATOR ", organiser)):
        status, session = await log_in(accounts, user)
        assert status == 201
        assert (session["actor"], session["role"]) == (str(actor.id), actor.role.value)
        assert session["display_name"] == "An Peeters"
        status, token = await accounts.call(
            "POST", "/tokens", {"secret": session["secret"], "audience": "orders"}
        )
        assert status == 200
        keys = read_keys(accounts.premises.folder / "accounts" / "keys")
        now = accounts.clock.now()
        assert Verifier(keys, "orders", Revocations()).verify(token["token"], now) == actor
        assert not isinstance(Verifier(keys, "notify", Revocations()).verify(token["token"], now), Actor)


async def test_a_visitor_who_logs_in_acts_as_oneself_and_was_active_today(
    accounts: Open, password_hash: str
) -> None:
    visitor = await add_log_in(accounts, password_hash, "lien@bezoeker.example")
    _, session = await log_in(accounts, "Lien@Bezoeker.example")
    assert (session["actor"], session["role"]) == (str(visitor.id), "visitor")
    assert await accounts.said() == [ActivitySeenV1(subject=visitor.id, day=accounts.clock.now().date())]


@pytest.mark.requirement("G-41")
async def test_staff_who_log_in_are_active_too(accounts: Open, password_hash: str) -> None:
    clerk = await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    await log_in(accounts, "kassa")
    assert await accounts.said() == [ActivitySeenV1(subject=clerk.id, day=accounts.clock.now().date())]


@pytest.mark.requirement("G-14")
async def test_neither_secret_nor_password_is_stored(accounts: Open, password_hash: str) -> None:
    await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    _, session = await log_in(accounts, "kassa")
    stored = [await accounts.rows(f"SELECT * FROM {table}") for table in ("session", "login", "attempt")]
    assert session["secret"] not in str(stored)
    assert PASSWORD not in str(stored)
    assert str(stored).count("$argon2id$v=19$m=19456,t=2,p=1$") == 1


@pytest.mark.requirement("G-71")
async def test_unknown_user_and_wrong_password_look_the_same(accounts: Open, password_hash: str) -> None:
    for number in range(8):
        await add_log_in(accounts, password_hash, f"kassa{number}", Role.BOX_OFFICE)

    async def timed(user: str) -> tuple[float, Any]:
        began = time.perf_counter()
        status, body = await log_in(accounts, user, "mis")
        body.pop("request_id")
        return time.perf_counter() - began, (status, body)

    known = [await timed(f"kassa{number}") for number in range(8)]
    unknown = [await timed(f"niemand{number}") for number in range(8)]
    assert {str(answer) for _, answer in known + unknown} == {str(known[0][1])}
    assert known[0][1][0] == 401
    ratio = statistics.median(t for t, _ in known) / statistics.median(t for t, _ in unknown)
    assert 0.5 < ratio < 2


@pytest.mark.requirement("G-11")
async def test_guessing_is_stopped_for_known_and_unknown_names_until_the_window_is_over(
    accounts: Open, password_hash: str
) -> None:
    await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    for user in ("kassa", "niemand"):
        assert [(await log_in(accounts, user, "mis"))[0] for _ in range(4)] == [401, 401, 401, 429]
    status, problem = await log_in(accounts, "kassa")
    assert (status, problem["type"]) == (429, "/problems/too-many-attempts")
    accounts.clock.move(timedelta(minutes=16))
    assert (await log_in(accounts, "kassa"))[0] == 201


async def test_the_right_password_wipes_the_slate(accounts: Open, password_hash: str) -> None:
    await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    for _ in range(3):
        assert [(await log_in(accounts, "kassa", word))[0] for word in ("mis", PASSWORD)] == [401, 201]
    assert await accounts.rows("SELECT * FROM attempt") == []


async def test_names_that_were_typed_are_kept_hashed_with_a_key(accounts: Open) -> None:
    await log_in(accounts, "niemand@nergens.example", "mis")
    (row,) = await accounts.rows("SELECT * FROM attempt")
    assert "niemand" not in str(row)
    assert row["subject_id"] is None


@pytest.mark.requirement("W-20")
async def test_attempts_are_forgotten_after_a_day(accounts: Open, password_hash: str) -> None:
    await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    await log_in(accounts, "kassa", "mis")
    accounts.clock.move(timedelta(hours=23))
    await accounts.run_timer("forget_attempts")
    assert len(await accounts.rows("SELECT * FROM attempt")) == 1
    accounts.clock.move(timedelta(hours=2))
    await accounts.run_timer("forget_attempts")
    assert await accounts.rows("SELECT * FROM attempt") == []


async def test_a_session_ends_on_log_out_and_by_itself(accounts: Open, password_hash: str) -> None:
    await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    first, second = [(await log_in(accounts, "kassa"))[1]["secret"] for _ in range(2)]

    async def token(secret: str) -> int:
        return (await accounts.call("POST", "/tokens", {"secret": secret, "audience": "orders"}))[0]

    assert [await token(first), await token(second)] == [200, 200]
    assert (await accounts.call("DELETE", "/sessions", {"secret": first}))[0] == 204
    assert (await accounts.call("DELETE", "/sessions", {"secret": first}))[0] == 204
    assert [await token(first), await token(second)] == [401, 200]
    accounts.clock.move(timedelta(hours=13))
    assert await token(second) == 401
    await accounts.run_timer("expire_sessions")
    assert await accounts.rows("SELECT * FROM session") == []


@pytest.mark.requirement("G-71")
async def test_a_role_that_was_taken_away_is_gone_with_the_next_token(
    accounts: Open, password_hash: str
) -> None:
    clerk = await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    _, session = await log_in(accounts, "kassa")
    await accounts.rows("DELETE FROM appointment WHERE subject_id = $1", clerk.id)
    _, token = await accounts.call("POST", "/tokens", {"secret": session["secret"], "audience": "orders"})
    keys = read_keys(accounts.premises.folder / "accounts" / "keys")
    actor = Verifier(keys, "orders", Revocations()).verify(token["token"], accounts.clock.now())
    assert isinstance(actor, Actor)
    assert actor.role is Role.VISITOR


async def test_a_made_up_secret_opens_nothing(accounts: Open) -> None:
    status, problem = await accounts.call("POST", "/tokens", {"secret": "x" * 43, "audience": "orders"})
    assert (status, problem["type"]) == (401, "/problems/session-ended")


@pytest.mark.requirement("G-71")
async def test_whoever_is_revoked_acts_no_more(accounts: Open, password_hash: str) -> None:
    clerk = await add_log_in(accounts, password_hash, "kassa", Role.BOX_OFFICE)
    other = await add_log_in(accounts, password_hash, "deur", Role.STEWARD)
    _, session = await log_in(accounts, "kassa")
    _, others = await log_in(accounts, "deur")
    await accounts.said()
    told = accounts.premises.settings("accounts")
    environment = {f"AVONDKASSA_{key.upper()}": str(value) for key, value in told.items()}
    for user, status in (("niemand", 1), ("Kassa", 0)):
        done = await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "services.accounts", "revoke"],
            input=user,
            env={**os.environ, **environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (status, "")
    assert await accounts.said() == [ActorRevokedV1(actor=clerk.id)]
    for secret, status in ((session["secret"], 401), (others["secret"], 200)):
        body = {"secret": secret, "audience": "orders"}
        assert (await accounts.call("POST", "/tokens", body))[0] == status
    assert [row["subject_id"] for row in await accounts.rows("SELECT * FROM appointment")] == [other.id]
