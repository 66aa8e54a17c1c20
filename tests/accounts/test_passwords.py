"""Passwords and user names, without a server."""

from __future__ import annotations

import asyncio

import pytest

from chassis.decision import Accepted, Refused
from services.accounts.passwords import Passwords, hash_password, user_hash, user_key


@pytest.mark.requirement("G-14")
async def test_a_password_belongs_to_its_hash_only() -> None:
    passwords = Passwords(4)
    stored = hash_password("café au lait")
    # The same letters typed on another keyboard, as two code points.
    assert await passwords.verify("cafe\u0301 au lait", stored) == Accepted(True)
    assert await passwords.verify("cafe au lait", stored) == Accepted(False)
    assert await passwords.verify("café au lait", None) == Accepted(False)
    assert await passwords.verify("x", "no hash at all") == Accepted(False)
    assert hash_password("x") != hash_password("x")
    await passwords.close()


async def test_a_full_queue_refuses_at_once_and_takes_the_next_when_there_is_room() -> None:
    passwords = Passwords(2)
    outcomes = await asyncio.gather(*(passwords.verify("x", None) for _ in range(5)))
    assert outcomes.count(Refused("log-in-busy")) == 3
    assert await passwords.verify("x", None) == Accepted(False)
    await passwords.close()


def test_user_names_are_compared_as_people_read_them() -> None:
    assert user_key(" Ann@Example.org ") == user_key("ann@example.ORG") == "ann@example.org"
    assert user_hash(b"k", "ann") == user_hash(b"k", "ann") != user_hash(b"l", "ann")
