"""HTTP/1.1 over one kept connection, as bare as can be, so that the load costs little of what it measures."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^\r]+)", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/1\.[01] (\d{3})")


class Broken(Exception):
    """The connection failed, or the answer was no HTTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; its head is looked into where somebody asks."""

    status: int
    head: bytes
    body: bytes

    @property
    def headers(self) -> Mapping[str, str]:
        """Names are in lower case; of repeated ones the last."""
        lines = self.head.decode("latin-1").split("\r\n")[1:]
        pairs = (line.partition(":") for line in lines)
        return {name.lower(): value.strip() for name, _, value in pairs}

    @property
    def cookies(self) -> tuple[str, ...]:
        """What every Set-Cookie says."""
        return tuple(found.decode("latin-1").strip() for found in _COOKIE.findall(self.head))

    def json(self) -> Any:
        """The body as JSON; ValueError where it is none."""
        return json.loads(self.body)


class Connection:
    """A connection to one origin, opened when first needed and again when the server closed it."""

    def __init__(self, origin: str) -> None:
        parts = urlsplit(origin)
        assert parts.hostname is not None
        assert parts.port is not None
        self._address = ("127.0.0.1", parts.port)
        self._host = parts.netloc
        self._pipe: _Pipe | None = None

    async def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """One request and its answer; redirects are not followed. Raises Broken."""
        length = None if body is None else len(body)
        head = _head(method, target, self._host, tuple(headers.items()), length)
        try:
            pipe = self._pipe
            if pipe is None or pipe.closed:
                pipe = self._pipe = await self._open()
            reply = await pipe.ask(head + (body or b""))
        except (OSError, EOFError, ValueError) as fault:
            self.close()
            raise Broken(type(fault).__name__) from fault
        except BaseException:
            # Half an answer is still on its way: the next request must not take it for its own.
            self.close()
            raise
        if _CLOSES.search(reply.head):
            self.close()
        return reply

    def close(self) -> None:
        """Let the connection go."""
        if self._pipe is not None:
            self._pipe.close()
        self._pipe = None

    async def _open(self) -> _Pipe:
        _, pipe = await asyncio.get_running_loop().create_connection(_Pipe, *self._address)
        return pipe


@lru_cache(maxsize=4096)
def _head(
    method: str, target: str, host: str, headers: tuple[tuple[str, str], ...], length: int | None
) -> bytes:
    """The head of a request: most requests of a client differ in nothing but their bodies."""
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


class _Pipe(asyncio.Protocol):
    """One request at a time, and its answer as it comes in."""

    def __init__(self) -> None:
        self.closed = False
        self._transport: Any = None
        self._came = b""
        self._answer: asyncio.Future[Reply] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._came += data
        if self._answer is None or self._answer.done():
            return
        try:
            reply = _whole(self._came)
        except ValueError as fault:
            self._answer.set_exception(fault)
        else:
            if reply is not None:
                self._answer.set_result(reply)

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed = True
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or EOFError("closed before the answer was whole"))

    async def ask(self, raw: bytes) -> Reply:
        """Send, and wait for the whole answer; OSError, EOFError, ValueError."""
        self._came = b""
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return await self._answer

    def close(self) -> None:
        """Hang up."""
        self.closed = True
        if self._transport is not None:
            self._transport.close()


def _whole(came: bytes) -> Reply | None:
    """The answer, or None while some of it is missing. ValueError for what is no HTTP."""
    end = came.find(b"\r\n\r\n")
    if end < 0:
        return None
    head = came[:end]
    started = _STATUS.match(head)
    if started is None:
        raise ValueError("no HTTP")
    status, rest = int(started[1]), end + 4
    if status in (204, 304):
        return Reply(status, head, b"")
    length = _LENGTH.search(head)
    if length is None and _CHUNKED.search(head):
        body = _chunks(came, rest)
        return None if body is None else Reply(status, head, body)
    size = int(length[1]) if length else 0
    return Reply(status, head, came[rest : rest + size]) if len(came) >= rest + size else None


def _chunks(came: bytes, at: int) -> bytes | None:
    parts: list[bytes] = []
    while (end := came.find(b"\r\n", at)) >= 0:
        size = int(came[at:end], 16)
        at = end + 2 + size
        if len(came) < at + 2:
            return None
        if size == 0:
            return b"".join(parts)
        parts.append(came[end + 2 : at])
        at += 2
    return None
