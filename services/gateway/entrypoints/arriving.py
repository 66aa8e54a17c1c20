"""What a request says of the device that it comes from, and what that device is to remember (G-11, G-71)."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from aiohttp import web

from contracts.accounts.api import Origin
from services.gateway.domain.arrival import address_of, device_of

DEVICE = "__Host-device"
"""A device on which someone logged in: whoever guesses from elsewhere cannot lock them out of it."""
DEVICE_LIFE = 30 * 24 * 3600
LONGEST = 100
_arriving: ContextVar[Arriving] = ContextVar("arriving")


@dataclass
class Arriving:
    """One request's origin; `device` is the secret that the browser is to keep from now on."""

    origin: Origin
    device: str | None = None


def arrive(request: web.Request, proxies: int) -> Arriving:
    """Read a request's origin, for whatever handles it in this task."""
    headers, known = request.headers, request.cookies.get(DEVICE)
    origin = Origin(
        address=address_of(request.remote, headers.get("X-Forwarded-For", ""), proxies),
        device=device_of(headers.get("User-Agent", "")),
        known=known if known and len(known) <= LONGEST else None,
    )
    found = Arriving(origin)
    _arriving.set(found)
    return found


def arriving() -> Arriving:
    """The origin of the request that is being handled."""
    return _arriving.get()


def remember_device(response: web.StreamResponse, arrived: Arriving) -> None:
    """Give the browser the cookie of a device on which someone just logged in."""
    if arrived.device is not None:
        response.set_cookie(
            DEVICE,
            arrived.device,
            max_age=DEVICE_LIFE,
            path="/",
            secure=True,
            httponly=True,
            samesite="Strict",
        )
