"""What every use case of the gateway stands on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from chassis.clock import Clock
from chassis.sealing import Seal
from chassis.tokens import LinkReader
from chassis.work import Workplace
from services.gateway.domain.session import hashed
from services.gateway.handlers.known_guests import KnownGuests
from services.gateway.handlers.visit_book import VisitBook
from services.gateway.handlers.waiting_room import WaitingRooms
from services.gateway.neighbours.caller import Neighbours
from services.gateway.neighbours.free_places import FreePlaces
from services.gateway.neighbours.programme import Programme
from services.gateway.neighbours.season import Season
from services.gateway.neighbours.tokens import TokenBook


@dataclass(frozen=True)
class Desk:
    """The front desk: own database, neighbours, keys, waiting rooms, and the address that people know."""

    work: Workplace
    clock: Clock
    neighbours: Neighbours
    book: TokenBook
    seal: Seal
    links: LinkReader
    proxies: int
    public_url: str
    waiting: WaitingRooms
    programme: Programme
    season: Season
    free: FreePlaces
    guests: KnownGuests
    visits: VisitBook


@dataclass(frozen=True)
class Cookie:
    """A fresh session cookie: 256 random bits, and what the database keeps of it.

    `device` is the secret of the device of a log-in, which the browser keeps for longer.
    """

    value: str
    id_hash: bytes
    device: str | None = None


def fresh_cookie() -> Cookie:
    """A cookie that nobody has had before: sessions get a new one whenever rights grow (no fixation)."""
    value = secrets.token_urlsafe(32)
    return Cookie(value, hashed(value))
