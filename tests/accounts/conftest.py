"""accounts with its door open, on emptied tables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import pyotp
import pytest

from chassis.sealing import Keyring
from chassis.testing import SetClock
from contracts.actors import Actor, Role
from services.accounts.app import compose
from services.accounts.handlers.prove_factor import place_of
from services.accounts.passwords import hash_password, user_key
from services.accounts.settings import AccountsSettings
from tests.accounts.premises import NOON, Open, Premises, opened, premises

PASSWORD = "een lang wachtwoord"
APP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""The secret of everybody's app."""


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    with premises(tmp_path_factory.mktemp("house") / "secrets") as found:
        yield found


@pytest.fixture
async def accounts(place: Premises) -> AsyncIterator[Open]:
    await place.empty("accounts")
    clock = SetClock(NOON)
    settings = AccountsSettings(**place.settings("accounts", login_failures=3))
    async with opened(place, compose(settings, clock), clock) as door:
        yield door


@pytest.fixture(scope="session")
def password_hash() -> str:
    return hash_password(PASSWORD)


async def add_person(door: Open, subject: UUID, email: str, name: str = "An Peeters") -> None:
    """A person as the season writes one."""
    await door.rows(
        "INSERT INTO person"
        " (subject_id, name, email, email_key, phone, locale, version, known_since, changed_at)"
        " VALUES ($1, $2, $3, lower($3), '+32 470 00 00 01', 'nl', 1, $4, $4)",
        subject,
        name,
        email,
        NOON,
    )


async def add_log_in(
    door: Open, stored: str, user: str, role: Role = Role.VISITOR, organisation: UUID | None = None
) -> Actor:
    """A person with a log-in, in a role where one is given; who works here has the app of `APP`."""
    subject = uuid4()
    await add_person(door, subject, f"{subject.hex[:8]}@devloedlijn.example")
    await door.rows(
        "INSERT INTO login (subject_id, user_key, password_hash, created_at) VALUES ($1, $2, $3, $4)",
        subject,
        user_key(user),
        stored,
        NOON,
    )
    if role is not Role.VISITOR:
        await door.rows(
            "INSERT INTO appointment (subject_id, role, organisation_id, since) VALUES ($1, $2, $3, $4)",
            subject,
            role.value,
            organisation,
            NOON,
        )
        await add_app(door, subject)
    return Actor(role, subject, organisation)


async def add_app(door: Open, subject: UUID, secret: str = APP) -> None:
    """An app that makes codes, as the season gives one."""
    keys = Keyring.read(door.premises.folder / "accounts" / "factors")
    key_id, sealed = keys.seal(secret.encode(), place_of(subject))
    await door.rows(
        "INSERT INTO totp (id, subject_id, name, key_id, sealed_secret, last_step, added_at)"
        " VALUES ($1, $2, 'Codeapp', $3, $4, 0, $5)",
        uuid4(),
        subject,
        key_id,
        sealed,
        NOON,
    )


def code(door: Open, ahead: int = 0, secret: str = APP) -> str:
    """What the app shows now, or some steps of half a minute later."""
    return pyotp.TOTP(secret).at(door.clock.now(), counter_offset=ahead)


async def second_step(door: Open, told: Any, typed: str | None = None, **origin: Any) -> tuple[int, Any]:
    """Answer the challenge of a log-in whose password was right."""
    answer = {"challenge": told["facts"]["challenge"], "code": typed or code(door)}
    return await door.call("POST", "/sessions/factor", {**answer, **({"origin": origin} if origin else {})})


async def rested(door: Open) -> None:
    """Codes that were used may be used again: as if time had passed."""
    await door.rows("UPDATE totp SET last_step = 0")
