"""Tokens for the services: one per session and audience while it counts, and never for somebody else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from joserfc.jwk import OKPKey

from chassis.routes import ANONYMOUS
from chassis.testing import SetClock
from chassis.tokens import Issuer, Key, Revocations, Verifier
from contracts.accounts.api import Token
from contracts.actors import Actor, Role
from services.gateway.domain.session import Session, guest, hashed
from services.gateway.neighbours.declined import AWAY, Declined
from services.gateway.neighbours.tokens import Acting, TokenBook

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


class Accounts:
    """Stands where accounts does: counts how often it is asked, and may be away."""

    def __init__(self, clock: SetClock) -> None:
        self._clock = clock
        self.asked: list[tuple[str, str]] = []
        self.declines: Declined | None = None

    async def fetch(self, secret: str, audience: str) -> Token | Declined:
        self.asked.append((secret, audience))
        if self.declines is not None:
            return self.declines
        until = self._clock.now() + timedelta(minutes=5)
        return Token(token=f"{secret}-{audience}-{len(self.asked)}", expires_at=until)


class Scene:
    """A token book, the clock it reads and the accounts it asks."""

    def __init__(self) -> None:
        key = OKPKey.generate_key("Ed25519")
        self.clock = SetClock(NOW)
        self.accounts = Accounts(self.clock)
        self.book = TokenBook(Issuer(key.as_pem(private=True), "gateway"), self.accounts.fetch, self.clock)
        self._key = Key("gateway", key.thumbprint(), key)

    def actor(self, token: str | Declined, audience: str = "orders") -> Actor:
        """Whom a service takes the bearer of this token for."""
        assert isinstance(token, str)
        found = Verifier((self._key,), audience, Revocations()).verify(token, self.clock.now())
        assert isinstance(found, Actor)
        return found


@pytest.fixture
def scene() -> Scene:
    return Scene()


def _clerk() -> Session:
    actor = Actor(Role.BOX_OFFICE, uuid4())
    return Session(hashed("clerk"), "login", actor, actor.id, "Kassa", "secret", NOW + timedelta(hours=8))


@pytest.mark.requirement("G-71")
async def test_who_just_looks_around_is_nobody(scene: Scene) -> None:
    assert scene.actor(await scene.book.token(None, "orders")) == Actor(Role.VISITOR, ANONYMOUS.id)


async def test_a_guest_asks_as_whoever_placed_the_order(scene: Scene) -> None:
    session, buyer = guest(hashed("guest"), uuid4(), NOW), uuid4()
    assert scene.actor(await scene.book.token(Acting(session), "orders")).id == session.actor.id
    assert scene.actor(await scene.book.token(Acting(session, buyer), "orders")).id == buyer


async def test_who_logged_in_asks_as_themselves_whatever_order_it_is_about(scene: Scene) -> None:
    clerk = _clerk()
    assert Acting(clerk, UUID(int=7)).actor == clerk.actor


async def test_a_token_is_used_until_half_a_minute_before_its_end(scene: Scene) -> None:
    clerk = Acting(_clerk())
    first = await scene.book.token(clerk, "orders")
    assert await scene.book.token(clerk, "orders") == first
    assert await scene.book.token(clerk, "notify") != first
    scene.clock.move(timedelta(minutes=4, seconds=29))
    assert await scene.book.token(clerk, "orders") == first
    scene.clock.move(timedelta(seconds=1))
    assert await scene.book.token(clerk, "orders") != first
    assert scene.accounts.asked == [("secret", "orders"), ("secret", "notify"), ("secret", "orders")]


@pytest.mark.parametrize("why", [AWAY, Declined(401, {"type": "/problems/session-ended", "title": "Ended."})])
async def test_what_accounts_declines_is_passed_on_and_not_remembered(scene: Scene, why: Declined) -> None:
    clerk = Acting(_clerk())
    scene.accounts.declines = why
    assert await scene.book.token(clerk, "orders") is why
    scene.accounts.declines = None
    assert isinstance(await scene.book.token(clerk, "orders"), str)


@pytest.mark.requirement("G-71")
async def test_a_session_that_ended_leaves_no_token(scene: Scene) -> None:
    clerk = _clerk()
    before = await scene.book.token(Acting(clerk), "orders")
    scene.book.forget(clerk)
    assert await scene.book.token(Acting(clerk), "orders") != before
