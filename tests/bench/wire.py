"""HTTP/1.1 over one kept connection, as bare as can be, so that the load costs little of what it measures."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


class Broken(Exception):
    """The connection failed, or the answer was no HTTP."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: header names are in lower case, of repeated ones only Set-Cookie's all are kept."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    body: bytes

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
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """One request and its answer; redirects are not followed. Raises Broken."""
        lines = [f"{method} {target} HTTP/1.1", f"Host: {self._host}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        raw = "\r\n".join(lines).encode() + b"\r\n\r\n" + (body or b"")
        try:
            reader = await self._write(raw)
            return await self._read(reader)
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as fault:
            self.close()
            raise Broken(type(fault).__name__) from fault
        except BaseException:
            # Half an answer is still on its way: the next request must not take it for its own.
            self.close()
            raise

    def close(self) -> None:
        """Let the connection go."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None

    async def _write(self, raw: bytes) -> asyncio.StreamReader:
        if self._writer is None or self._writer.is_closing() or (self._reader and self._reader.at_eof()):
            self._reader, self._writer = await asyncio.open_connection(*self._address)
        self._writer.write(raw)
        assert self._reader is not None
        return self._reader

    async def _read(self, reader: asyncio.StreamReader) -> Reply:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *rest = head[:-4].decode("latin-1").split("\r\n")
        status, headers, cookies = int(first.split(" ", 2)[1]), {}, []
        for line in rest:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                cookies.append(value.strip())
        body = b"" if status in (204, 304) else await _body(reader, headers)
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Reply(status, headers, tuple(cookies), body)


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", 0)))
    parts = []
    while size := int(await reader.readuntil(b"\r\n"), 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readuntil(b"\r\n")
    return b"".join(parts)
