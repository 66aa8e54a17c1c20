"""Guessing is slowed down, and the owner of an account is never locked out by whoever guesses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from contracts.accounts.events import LetterOrderedV1, SessionEndedV1
from contracts.actors import Role
from services.accounts.passwords import THREADS, Passwords
from tests.accounts.conftest import PASSWORD, add_log_in
from tests.accounts.letters import GOOD, OTHER, ask, letters, log_in, registered, token, works
from tests.accounts.premises import Open

NOOR, MOOS = "noor@bezoeker.example", "moos@bezoeker.example"
HERE: dict[str, Any] = {"address": "2001:db8::7", "device": "phone"}


async def fails(door: Open, user: str, times: int, **origin: Any) -> list[int]:
    return [(await log_in(door, user, "mis", **origin))[0] for _ in range(times)]


async def account(door: Open, session: dict[str, Any]) -> dict[str, Any]:
    status, told = await door.call("POST", "/account", {"secret": session["secret"]})
    assert status == 200
    found: dict[str, Any] = told
    return found


@pytest.mark.requirement("G-71")
async def test_a_stranger_who_guesses_does_not_lock_the_owner_out(accounts: Open) -> None:
    own = await registered(accounts, NOOR, **HERE)
    assert await fails(accounts, NOOR, 4) == [401, 401, 401, 429]
    assert (await log_in(accounts, NOOR))[0] == 429
    assert (await log_in(accounts, NOOR, known=own["device"]))[0] == 201
    # Nor has a device that is known to somebody else a lane to this account.
    other = await registered(accounts, MOOS)
    assert (await log_in(accounts, NOOR, known=other["device"]))[0] == 429


async def test_the_owners_lane_is_no_way_to_guess_without_end(accounts: Open) -> None:
    own = await registered(accounts, NOOR)
    assert await fails(accounts, NOOR, 4, known=own["device"]) == [401, 401, 401, 429]


async def test_a_letter_opens_the_way_that_a_stranger_closed(accounts: Open) -> None:
    await registered(accounts, NOOR)
    await fails(accounts, NOOR, 4)
    await ask(accounts, "password-resets", NOOR)
    (letter,) = await letters(accounts)
    body = {"token": token(accounts, letter), "password": OTHER}
    assert (await accounts.call("POST", "/passwords", body))[0] == 201
    assert (await log_in(accounts, NOOR, OTHER))[0] == 201


@pytest.mark.requirement("G-11")
async def test_one_address_does_not_try_every_account(accounts: Open) -> None:
    await registered(accounts, NOOR)
    limit = 100
    await accounts.rows("UPDATE attempt SET failures = 0")
    assert await fails(accounts, "niemand0", 1, **HERE) == [401]
    # As if the rest of them had been tried already: each costs 35 ms.
    mark = "user_hash <> (SELECT user_hash FROM attempt ORDER BY last_at LIMIT 1)"
    await accounts.rows(f"UPDATE attempt SET failures = $1 WHERE subject_id IS NULL OR {mark}", limit - 1)
    assert (await log_in(accounts, NOOR, **HERE))[0] == 201
    assert await fails(accounts, "niemand1", 2, **HERE) == [401, 429]
    status, told = await log_in(accounts, NOOR, **HERE)
    assert (status, told["facts"]) == (429, {"retry_after": 900})
    assert (await log_in(accounts, NOOR, address="198.51.100.4"))[0] == 201


@pytest.mark.requirement("G-71")
async def test_a_log_in_from_a_new_device_is_told_by_mail(accounts: Open) -> None:
    own = await registered(accounts, NOOR, **HERE)
    _, again = await log_in(accounts, NOOR, known=own["device"])
    assert again["device"] == own["device"]
    assert [event for event in await accounts.said() if isinstance(event, LetterOrderedV1)] == []
    _, new = await log_in(accounts, NOOR)
    (told,) = [event for event in await accounts.said() if isinstance(event, LetterOrderedV1)]
    assert (told.kind, told.email) == ("new_device", NOOR)
    assert new["device"] != own["device"]


async def test_two_people_at_one_computer_are_both_known_there(accounts: Open) -> None:
    noor = await registered(accounts, NOOR)
    await registered(accounts, MOOS)
    _, moos = await log_in(accounts, MOOS, known=noor["device"])
    assert moos["device"] == noor["device"]
    await accounts.said()
    for user in (NOOR, MOOS):
        await log_in(accounts, user, known=noor["device"])
    assert [event for event in await accounts.said() if isinstance(event, LetterOrderedV1)] == []


@pytest.mark.requirement("G-60")
async def test_someone_sees_and_ends_their_sessions_and_nobody_elses(accounts: Open) -> None:
    phone = await registered(accounts, NOOR, **HERE)
    accounts.clock.move(timedelta(minutes=1))
    _, desk = await log_in(accounts, NOOR, device="computer", address="198.51.100.4")
    stranger = await registered(accounts, MOOS)
    await accounts.said()
    seen = await account(accounts, desk)
    assert [(one["device"], one["current"]) for one in seen["sessions"]] == [
        ("computer", True),
        ("phone", False),
    ]
    assert [one["address"] for one in seen["arrivals"]] == ["198.51.100.4", "2001:db8::7"]
    body = {"secret": desk["secret"], "session": stranger["id"]}
    assert (await accounts.call("POST", "/account/sessions", body))[0] == 204
    assert await works(accounts, stranger)
    body["session"] = phone["id"]
    assert (await accounts.call("POST", "/account/sessions", body))[0] == 204
    assert [await works(accounts, one) for one in (phone, desk)] == [False, True]
    (ended,) = [event for event in await accounts.said() if isinstance(event, SessionEndedV1)]
    assert (str(ended.session), str(ended.subject)) == (phone["id"], phone["actor"])


async def test_log_out_everywhere_keeps_the_session_that_asked(accounts: Open) -> None:
    sessions = [await registered(accounts, NOOR)]
    sessions += [(await log_in(accounts, NOOR))[1] for _ in range(2)]
    asked = {"secret": sessions[1]["secret"]}
    assert (await accounts.call("POST", "/account/sessions", asked))[0] == 204
    assert [await works(accounts, one) for one in sessions] == [False, True, False]
    own = {**asked, "session": sessions[1]["id"]}
    assert (await accounts.call("POST", "/account/sessions", own))[0] == 204
    assert (await accounts.call("POST", "/account", asked))[0] == 401


@pytest.mark.requirement("G-11")
async def test_addresses_and_devices_are_forgotten_after_thirty_days(accounts: Open) -> None:
    await registered(accounts, NOOR, **HERE)
    counts = []
    for days in (29, 2):
        accounts.clock.move(timedelta(days=days))
        await accounts.run_timer("forget_arrivals")
        counts += [len(await accounts.rows(f"SELECT * FROM {name}")) for name in ("arrival", "device")]
    assert counts == [1, 1, 0, 0]


async def test_a_new_password_needs_the_one_that_counts_now(accounts: Open) -> None:
    own, (_, other) = await registered(accounts, NOOR), await log_in(accounts, NOOR)
    change = {"secret": own["secret"], "current": "mis", "password": OTHER}
    assert (await accounts.call("PUT", "/account/password", change))[0] == 403
    change["current"] = GOOD
    _, told = await accounts.call("PUT", "/account/password", {**change, "password": NOOR})
    assert told["type"] == "/problems/password-weak"
    assert (await accounts.call("PUT", "/account/password", change))[0] == 204
    assert [await works(accounts, one) for one in (own, other)] == [True, False]
    assert [(await log_in(accounts, NOOR, word))[0] for word in (GOOD, OTHER)] == [401, 201]


async def test_a_stolen_session_does_not_guess_the_password(accounts: Open) -> None:
    own = await registered(accounts, NOOR)
    change = {"secret": own["secret"], "current": "mis", "password": OTHER}
    got = [(await accounts.call("PUT", "/account/password", change))[0] for _ in range(4)]
    assert got == [403, 403, 403, 429]


@pytest.mark.requirement("G-14")
async def test_a_hash_with_lower_parameters_is_made_anew_at_the_next_log_in(accounts: Open) -> None:
    from argon2 import PasswordHasher

    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    await add_log_in(accounts, old, "kassa", Role.BOX_OFFICE)
    assert (await log_in(accounts, "kassa", PASSWORD))[0] == 201
    (row,) = await accounts.rows("SELECT password_hash FROM login")
    assert row["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert (await log_in(accounts, "kassa", PASSWORD))[0] == 201


async def test_hashing_waits_in_the_same_short_queue_as_checking() -> None:
    passwords = Passwords(0)
    assert passwords.full
    assert (await passwords.hash(GOOD)) == (await passwords.verify(GOOD, None))
    assert THREADS == 2
    await passwords.close()
