"""Questions that tell whether a program can be used already. Each answers within two seconds."""

import asyncio
from collections.abc import Awaitable, Callable

Ready = Callable[[], Awaitable[bool]]
AMQP_HELLO = b"AMQP\x00\x00\x09\x01"


def http(port: int, path: str) -> Ready:
    """Ready when GET `path` answers with a status below 400."""

    async def ask() -> bool:
        request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n"
        words = (await _first_bytes(port, request.encode())).split(b" ", 2)
        return len(words) > 1 and words[1].isdigit() and int(words[1]) < 400

    return ask


def amqp(port: int) -> Ready:
    """Ready when the broker answers the greeting with Connection.Start; an open port is not enough."""

    async def ask() -> bool:
        return (await _first_bytes(port, AMQP_HELLO)).startswith(b"\x01\x00\x00")

    return ask


def tcp(port: int) -> Ready:
    """Ready when something listens."""

    async def ask() -> bool:
        try:
            _, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 2)
        except (OSError, TimeoutError):
            return False
        writer.close()
        return True

    return ask


async def _first_bytes(port: int, send: bytes) -> bytes:
    try:
        async with asyncio.timeout(2):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(send)
                return await reader.read(64)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return b""
