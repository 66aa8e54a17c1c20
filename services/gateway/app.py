"""The gateway's composition root: settings, neighbours, doors; nothing else wires."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import aiohttp

from chassis.charter import Charter
from chassis.clock import Clock
from chassis.problems import Problems, Reasons
from chassis.sealing import Seal
from chassis.serve import Service, serve, workplace_of
from chassis.tokens import Issuer, LinkReader, read_keys
from chassis.work import Workplace
from contracts.accounts.api import Token, TokenRequest
from services.gateway.declarations import read_declarations
from services.gateway.domain.waiting import Limits
from services.gateway.entrypoints.bus import subscriptions
from services.gateway.entrypoints.clock import timers
from services.gateway.entrypoints.pages.doors import pages
from services.gateway.entrypoints.pages.frame import Frame
from services.gateway.entrypoints.web import routes
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.known_guests import KnownGuests
from services.gateway.handlers.visit_book import VisitBook
from services.gateway.handlers.waiting_room import WaitingRooms
from services.gateway.neighbours.caller import Neighbours, Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.free_places import FreePlaces
from services.gateway.neighbours.programme import Programme
from services.gateway.neighbours.pulse import Pulse
from services.gateway.neighbours.season import Season
from services.gateway.neighbours.tokens import TokenBook
from services.gateway.rendering import Pages
from services.gateway.settings import GatewaySettings

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


class Line:
    """The open connections to the neighbours: begun when the loop runs, closed at the end."""

    def __init__(self, settings: GatewaySettings, clock: Clock, pulse: Pulse) -> None:
        self.pulse = pulse
        issuer = Issuer(settings.secret_path("signing.pem").read_bytes(), settings.service)
        self.book = TokenBook(issuer, self._fetch, clock)
        self.neighbours = Neighbours(settings.addresses(), self.book, pulse)

    async def open(self) -> None:
        """Begin; nothing is asked yet."""
        self.neighbours.use(aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()))

    async def _fetch(self, secret: str, audience: str) -> Token | Declined:
        body = TokenRequest.model_validate({"secret": secret, "audience": audience})
        return await self.neighbours.ask(Question("accounts", "POST", "/tokens", body=body), Token)


def compose(settings: GatewaySettings, clock: Clock) -> Service:
    """The gateway, wired."""
    charter = Charter.read(HERE / "charter.toml")
    work = workplace_of(settings, charter, clock)
    house: Mapping[str, Any] = tomllib.loads(settings.house.read_text(encoding="utf-8"))
    limits = Limits.of(house["waiting_room"])
    line = Line(settings, clock, Pulse(limits.slow))
    desk = _desk(settings, clock, work, line, limits)
    problems = Problems.load(HERE / "problems.toml")
    declarations = read_declarations(ROOT, house["house"]["country"])
    frame = Frame(desk, Pages(house, declarations, settings.public_url), problems, Reasons())
    return Service(
        name=settings.service,
        charter=charter,
        workplace=work,
        routes=routes(desk),
        problems=problems,
        subscriptions=subscriptions(desk, charter, settings.environment),
        timers=timers(desk),
        pages=pages(frame, declarations, house),
        on_start=(line.open,),
        on_stop=(line.neighbours.close,),
    )


def _desk(settings: GatewaySettings, clock: Clock, work: Workplace, line: Line, limits: Limits) -> Desk:
    seal = Seal.read(settings.secret_path("sealing.key"))
    return Desk(
        work=work,
        clock=clock,
        neighbours=line.neighbours,
        book=line.book,
        seal=seal,
        links=LinkReader(read_keys(settings.secrets / "keys")),
        public_url=settings.public_url,
        proxies=settings.trusted_proxies,
        waiting=WaitingRooms(work, clock, seal, limits, line.pulse),
        programme=Programme(line.neighbours, clock),
        season=Season(line.neighbours, clock),
        free=FreePlaces(line.neighbours, clock),
        guests=KnownGuests(),
        visits=VisitBook(work, clock, seal),
    )


if __name__ == "__main__":
    serve(compose)
