"""What travels over HTTP, and the wire that carries it. Tests put a tampering wire in its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Protocol

import aiohttp


class NoAnswer(Exception):
    """The connection failed, or no answer came in time; whether the request was carried out is unknown."""


@dataclass(frozen=True)
class Asked:
    """A request: an absolute URL, and a body that is ready to send."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True)
class Reply:
    """An answer; `tries` counts how often the request was sent until this came."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    tries: int = 1

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def values(self, name: str) -> list[str]:
        """All values of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    @property
    def location(self) -> str:
        """Where a redirect leads; "" where it is none."""
        return next(iter(self.values("Location")), "")


class Wire(Protocol):
    """Carries one request and brings its answer, whatever its status. Redirects are not followed."""

    async def send(self, asked: Asked) -> Reply:
        """Raises NoAnswer."""


class HttpWire:
    """The network. Cookies are left to the browsers: aiohttp's jar drops `__Host-` cookies over http."""

    def __init__(self, seconds: float = 15.0) -> None:
        """`seconds` is the longest that one answer may take."""
        self._seconds = seconds
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> HttpWire:
        self._session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(), timeout=aiohttp.ClientTimeout(total=self._seconds)
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._session is not None
        await self._session.close()

    async def send(self, asked: Asked) -> Reply:
        """Raises NoAnswer."""
        assert self._session is not None, "the wire is used inside `async with`"
        try:
            async with self._session.request(
                asked.method, asked.url, headers=asked.headers, data=asked.body, allow_redirects=False
            ) as answer:
                headers = tuple((key, value) for key, value in answer.headers.items())
                return Reply(answer.status, headers, await answer.read())
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as fault:
            raise NoAnswer(f"{type(fault).__name__} at {asked.method} {asked.url}") from fault
