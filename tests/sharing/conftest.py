"""sharing with its door open, on emptied tables, beside the example receiver."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from aiohttp import web

from chassis.sealing import Seal
from chassis.service import Service
from chassis.testing import SetClock
from contracts.actors import Actor, Role
from contracts.orders.events import AttendeeRegisteredV1, EventPublishedV1
from contracts.texts import Text
from examples.organiser.cabinet import Cabinet
from examples.organiser.web import Receiver
from services.sharing.app import compose
from services.sharing.domain.purposes import CO_PRESENTATION
from services.sharing.handlers.deliver import Deliver
from services.sharing.secret_box import place_of
from services.sharing.settings import SharingSettings
from tests.accounts.premises import Open, Premises, opened
from tests.sharing.premises import premises_of

HOUSE = UUID("00000000-0000-4000-8000-000000000001")
TROUPE = UUID("00000000-0000-4000-8000-00000000000a")
CHOIR = UUID("00000000-0000-4000-8000-00000000000b")
EVENING = UUID("00000000-0000-4000-8000-0000000000e1")
ORDER = UUID("00000000-0000-4000-8000-0000000000d1")
GUEST = UUID("6f1c8f40-31cf-4f8c-9d0c-3d8f3a8f0a01")
SECRET = "whsec_" + "dGhpcyBpcyBhIHNlY3JldCBvZiBhIHRlc3QgMTIzNA=="
TROUPES_CLERK = Actor(Role.ORGANISER, UUID(int=71), TROUPE)
CHOIRS_CLERK = Actor(Role.ORGANISER, UUID(int=72), CHOIR)


@dataclass
class Post:
    """The receiver of the troupe, as its owner sees it; `answers` makes it misbehave.

    `on_arrival` is done while a message is under way: it has left, and its answer has not come back.
    """

    cabinet: Cabinet
    url: str
    answers: list[web.Response | None]
    bodies: list[bytes]
    on_arrival: Callable[[], Awaitable[Any]] | None = None

    def kinds(self) -> list[str]:
        return [one["type"] for one in self.cabinet.deliveries]

    def attendees(self) -> list[dict[str, Any]]:
        return list(self.cabinet.held.attendees.values())


@dataclass
class Sharing:
    """sharing and its neighbours."""

    door: Open
    post: Post
    settings: SharingSettings

    async def deliver(self) -> None:
        """One run of the courier, to its end, a second after whatever was before."""
        self.door.clock.move(timedelta(seconds=1))
        await deliver(self.door.service)

    async def deliver_later(self, by: timedelta) -> None:
        self.door.clock.move(by)
        await self.deliver()


async def deliver(service: Service) -> None:
    """Let a service's courier run once, to its end."""
    courier = next(one for one in service.timers if one.name == "deliver").run
    assert isinstance(courier, Deliver)
    await courier()
    await courier.finished()


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Premises]:
    with premises_of(tmp_path_factory.mktemp("house") / "secrets", "sharing") as found:
        yield found


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    (tmp_path / "secret").write_text(SECRET)
    cabinet = Cabinet(tmp_path / "receiver")
    app = Receiver(cabinet, tmp_path / "secret", "Troupe", lambda: datetime.now(UTC)).app()
    found = Post(cabinet, "", [], [])
    app.middlewares.append(_unruly(found))
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhooks"
    yield found
    await runner.cleanup()


def _unruly(post: Post) -> Any:
    @web.middleware
    async def middleware(request: web.Request, handler: Any) -> web.StreamResponse:
        if request.method == "POST":
            post.bodies.append(await request.read())
            if post.on_arrival:
                await post.on_arrival()
        answer = await handler(request)
        instead = post.answers.pop(0) if request.method == "POST" and post.answers else None
        return instead or answer

    return middleware


@pytest.fixture
async def sharing(place: Premises, post: Post) -> AsyncIterator[Sharing]:
    await place.empty("sharing")
    # The receiver refuses what is older than five minutes, so the clock starts at the machine's own time.
    clock = SetClock(datetime.now(UTC))
    settings = SharingSettings(**place.settings("sharing", recall_term=timedelta(seconds=60)))
    service = compose(settings, clock)
    for hook in service.on_start:
        await hook()
    async with opened(place, service, clock) as door:
        await furnish(door, post.url)
        yield Sharing(door, post, settings)


async def furnish(door: Open, url: str) -> None:
    """Two organisations; an agreement and an endpoint for the first only."""
    for id, name in ((TROUPE, "Toneelgezelschap De Branding"), (CHOIR, "Koor Zilt")):
        await door.rows(
            "INSERT INTO organisation (organisation_id, name, version) VALUES ($1, $2, 1)", id, name
        )
    await agree(door, TROUPE)
    seal = Seal.read(door.premises.folder / "sharing" / "sealing.key")
    await door.rows(
        "INSERT INTO endpoint (organisation_id, url, sealed_secrets) VALUES ($1, $2, $3)",
        TROUPE,
        url,
        seal.seal(SECRET.encode(), place_of(TROUPE)),
    )
    # As in a house of before: what stands beside the address moves by itself.
    await door.run_timer("keep_secrets")
    await door.hear(published(door.clock.now()))


async def agree(door: Open, organisation: UUID, allowed: tuple[str, ...] = CO_PRESENTATION) -> None:
    await door.rows(
        "INSERT INTO agreement (agreement_id, organisation_id, kind, allowed, valid_from)"
        " VALUES (gen_random_uuid(), $1, 'separate_controllers', $2, $3)",
        organisation,
        list(allowed),
        door.clock.now() - timedelta(days=1),
    )


def published(now: datetime) -> EventPublishedV1:
    return EventPublishedV1(
        event=EVENING,
        version=1,
        slug="storm",
        organisation=HOUSE,
        co_presenters=(TROUPE,),
        title=Text(nl="Storm op komst", fr="La tempête", en="Storm coming"),
        hall="Grote zaal",
        doors_at=now + timedelta(days=10),
        starts_at=now + timedelta(days=10, hours=1),
        ends_at=now + timedelta(days=10, hours=3),
    )


def registered(
    allowed: tuple[str, ...] = CO_PRESENTATION, version: int = 1, name: str = "Guusje Zeldzaam"
) -> AttendeeRegisteredV1:
    door, news = "co_presentation_door_list" in allowed, "co_presentation_news" in allowed
    return AttendeeRegisteredV1(
        subject=GUEST,
        version=version,
        order=ORDER,
        event=EVENING,
        organisation=TROUPE,
        allowed=allowed,
        name=name if door else None,
        email="guusje@zeldzaam.example" if news else None,
        seats=("Rij 3, stoel 4", "Rij 3, stoel 5") if door else (),
    )
