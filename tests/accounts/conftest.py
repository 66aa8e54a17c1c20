"""accounts with its door open, on emptied tables."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from uuid import UUID, uuid4

import pytest

from chassis.testing import SetClock
from contracts.actors import Actor, Role
from services.accounts.app import compose
from services.accounts.passwords import hash_password, user_key
from services.accounts.settings import AccountsSettings
from tests.accounts.premises import NOON, Open, Premises, opened, premises

PASSWORD = "een lang wachtwoord"


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
    """A person with a log-in, in a role where one is given."""
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
    return Actor(role, subject, organisation)
