"""Keys of an organisation: made by an owner, told once, good for little, gone when taken back (W-60)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.tokens import Revocations, Verifier, read_keys
from contracts.accounts.events import ActorRevokedV1, LetterOrderedV1
from contracts.actors import Actor, Role
from tests.accounts.conftest import add_log_in
from tests.accounts.premises import Open
from tests.accounts.test_organisations import decided, slug, verified

SCANNER = {"name": "Scanner", "scopes": ["attendees"], "days": 30}


@pytest.fixture
async def chief(accounts: Open, password_hash: str) -> Actor:
    return await add_log_in(accounts, password_hash, "beheer", Role.ADMINISTRATOR)


@pytest.fixture
async def owner(accounts: Open, chief: Actor) -> Actor:
    return await verified(accounts, chief)


async def made(door: Open, by: Actor, **more: Any) -> tuple[str, str]:
    """The id of a new key, and the key."""
    status, told = await door.call("POST", "/organisation/keys", SCANNER | more, by)
    assert status == 201, told
    return told["key"]["id"], told["secret"]


async def token(door: Open, secret: str, audience: str = "sharing") -> tuple[int, Any]:
    return await door.call("POST", "/tokens", {"secret": secret, "audience": audience})


@pytest.mark.requirement("W-60")
async def test_a_key_is_told_once_and_only_its_print_is_kept(accounts: Open, owner: Actor) -> None:
    _, secret = await made(accounts, owner)
    assert secret.startswith("avk_live_")
    assert len(secret) > 50
    (letter,) = await accounts.said()
    assert isinstance(letter, LetterOrderedV1)
    assert letter.kind == "organisation_key"
    (row,) = await accounts.rows("SELECT * FROM api_key")
    assert secret not in str(row)
    assert row["key_end"] == secret[-4:]
    (listed,) = (await accounts.call("GET", "/organisation/keys", None, owner))[1]["keys"]
    assert (listed["end"], listed["last_used_on"]) == (secret[-4:], None)
    assert secret not in str(listed)


@pytest.mark.requirement("W-60")
async def test_a_key_gets_a_token_for_what_it_is_made_for_and_nothing_else(
    accounts: Open, owner: Actor
) -> None:
    key, secret = await made(accounts, owner)
    status, told = await token(accounts, secret)
    assert status == 200
    keys = read_keys(accounts.premises.folder / "accounts" / "keys")
    read = Verifier(keys, "sharing", Revocations()).bearer(told["token"], accounts.clock.now())
    assert not isinstance(read, str)
    assert getattr(read, "actor", None) == Actor(Role.ORGANISER_KEY, UUID(key), owner.organisation)
    # It proves nobody, so it opens no door that wants a fresh proof.
    assert getattr(read, "proof", 1) is None
    for service in ("orders", "accounts", "retention", "notify", "gateway"):
        refused = await token(accounts, secret, service)
        assert (refused[0], slug(refused[1])) == (403, "scope-missing")
    (listed,) = (await accounts.call("GET", "/organisation/keys", None, owner))[1]["keys"]
    assert listed["last_used_on"] == accounts.clock.now().date().isoformat()


@pytest.mark.requirement("W-60")
async def test_a_key_ends_by_its_day_by_hand_and_with_its_organisation(
    accounts: Open, owner: Actor, chief: Actor
) -> None:
    assert owner.organisation is not None
    key, secret = await made(accounts, owner)
    await accounts.said()
    assert (await accounts.call("DELETE", f"/organisation/keys/{key}", None, owner))[0] == 204
    assert await accounts.said() == [ActorRevokedV1(actor=UUID(key))]
    assert slug((await token(accounts, secret))[1]) == "key-unknown"
    _, short = await made(accounts, owner)
    accounts.clock.move(timedelta(days=30))
    assert (await token(accounts, short))[0] == 401
    last, lasting = await made(accounts, owner, days=365)
    await decided(accounts, chief, owner.organisation, "suspend", "terms_broken")
    assert slug((await token(accounts, lasting))[1]) == "organisation-stands-still"
    await accounts.said()
    await decided(accounts, chief, owner.organisation, "end", "at_request")
    assert ActorRevokedV1(actor=UUID(last)) in await accounts.said()
    assert await accounts.rows("SELECT FROM api_key") == []


@pytest.mark.requirement("W-04")
async def test_another_organisation_and_a_colleague_find_no_key_to_take_back(
    accounts: Open, owner: Actor, chief: Actor
) -> None:
    key, secret = await made(accounts, owner)
    other = await verified(accounts, chief, "ander@tij.example", name="Gezelschap Tij")
    assert (await accounts.call("GET", "/organisation/keys", None, other))[1]["keys"] == []
    for one in (key, uuid4()):
        refused = await accounts.call("DELETE", f"/organisation/keys/{one}", None, other)
        assert (refused[0], slug(refused[1])) == (404, "key-not-here")
    member = Actor(Role.ORGANISER, uuid4(), owner.organisation)
    assert slug((await accounts.call("POST", "/organisation/keys", SCANNER, member))[1]) == "owner-needed"
    assert (
        slug((await accounts.call("DELETE", f"/organisation/keys/{key}", None, member))[1]) == "owner-needed"
    )
    assert (await token(accounts, secret))[0] == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"days": 3650},
        {"name": ""},
        {"organisation": str(uuid4())},
    ],
)
async def test_a_key_for_more_than_there_is_is_refused(
    accounts: Open, owner: Actor, wrong: dict[str, Any]
) -> None:
    status, told = await accounts.call("POST", "/organisation/keys", SCANNER | wrong, owner)
    assert (status, slug(told)) == (422, "invalid-input")


async def test_an_organisation_has_twenty_keys_at_most(accounts: Open, owner: Actor) -> None:
    for _ in range(20):
        await made(accounts, owner)
    assert slug((await accounts.call("POST", "/organisation/keys", SCANNER, owner))[1]) == "keys-enough"


async def test_what_only_looks_like_a_key_is_none(accounts: Open) -> None:
    for secret in ("avk_live_", "avk_live_" + "x" * 43):
        assert slug((await token(accounts, secret))[1]) == "key-unknown"
