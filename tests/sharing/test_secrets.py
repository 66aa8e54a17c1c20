"""Secrets that sign messages: sealed under numbered keys, renewed by an owner, two for a week (W-60)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from standardwebhooks import Webhook

from chassis.sealing import Keyring
from contracts.actors import Actor, Role
from deploy.topology import secrets
from services.sharing.app import compose
from tests.accounts.premises import opened
from tests.sharing.conftest import CHOIRS_CLERK, TROUPE, Sharing, registered

OWNER = Actor(Role.ORGANISER, uuid4(), TROUPE, owner=True)


async def renewed(sharing: Sharing) -> str:
    status, told = await sharing.door.call("POST", "/endpoint/secret", actor=OWNER)
    assert status == 201, told
    return str(told["secret"])


async def shown(sharing: Sharing, actor: Actor = OWNER) -> tuple[int, Any]:
    return await sharing.door.call("GET", "/endpoint", actor=actor)


async def ends(sharing: Sharing) -> list[str]:
    rows = await sharing.door.rows("SELECT secret_end FROM endpoint_secret ORDER BY made_at")
    return [row["secret_end"] for row in rows]


@pytest.mark.requirement("W-60")
async def test_an_owner_renews_the_secret_sees_its_end_and_messages_bear_two_signatures(
    sharing: Sharing,
) -> None:
    (before,) = await ends(sharing)
    sharing.door.clock.move(timedelta(seconds=1))
    secret = await renewed(sharing)
    Webhook(secret)
    told = (await shown(sharing))[1]
    assert (told["host"], told["secret_end"], told["two_count"]) == ("127.0.0.1", secret[-4:], True)
    assert secret not in str(await sharing.door.rows("SELECT * FROM endpoint_secret"))
    # The receiver still knows the old one alone, and takes the message all the same.
    await sharing.door.hear(registered())
    await sharing.deliver()
    assert len(sharing.post.attendees()) == 1
    await sharing.door.run_timer("keep_secrets")
    assert await ends(sharing) == [before, secret[-4:]]
    sharing.door.clock.move(timedelta(days=7))
    await sharing.door.run_timer("keep_secrets")
    assert await ends(sharing) == [secret[-4:]]


@pytest.mark.requirement("W-60")
async def test_what_an_older_key_sealed_goes_under_the_newest(sharing: Sharing) -> None:
    folder = sharing.door.premises.folder
    (row,) = await sharing.door.rows("SELECT key_id, sealed_secret FROM endpoint_secret")
    secrets.rotate_sealing(folder / secrets.WEBHOOKS)
    service = compose(sharing.settings, sharing.door.clock)
    async with opened(sharing.door.premises, service, sharing.door.clock) as later:
        await later.run_timer("keep_secrets")
        (resealed,) = await later.rows("SELECT key_id, sealed_secret FROM endpoint_secret")
    assert resealed["key_id"] == row["key_id"] + 1
    newest = Keyring.read(folder / secrets.WEBHOOKS)
    assert newest.newest == resealed["key_id"]


@pytest.mark.requirement("W-04")
async def test_only_an_owner_renews_and_only_their_own(sharing: Sharing) -> None:
    member = Actor(Role.ORGANISER, uuid4(), TROUPE)
    status, refused = await sharing.door.call("POST", "/endpoint/secret", actor=member)
    assert (status, refused["type"].rsplit("/")[-1]) == (403, "owner-needed")
    assert (await shown(sharing, member))[0] == 200
    stranger = Actor(Role.ORGANISER, uuid4(), CHOIRS_CLERK.organisation, owner=True)
    for method, path in (("GET", "/endpoint"), ("POST", "/endpoint/secret")):
        status, refused = await sharing.door.call(method, path, actor=stranger)
        assert (status, refused["type"].rsplit("/")[-1]) == (404, "endpoint-unknown")
    assert len(await ends(sharing)) == 1
