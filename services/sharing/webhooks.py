"""The way to recipients: signed POSTs (Standard Webhooks), bounded in time and number, no redirects."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit
from uuid import UUID

import aiohttp
from standardwebhooks import Webhook

from services.sharing.domain.fate import Reply

AT_ONCE = 8
ANSWER_LIMIT = 64 * 1024


class Recipients(Protocol):
    """Takes a message to a recipient."""

    async def post(
        self, url: str, secrets: Sequence[str], id: UUID, body: dict[str, Any], now: datetime
    ) -> Reply:
        """Try once; never raises for what a recipient or the network may do."""
        ...


class HttpRecipients:
    """Recipients reached over HTTP. `open` runs in the loop before the first message."""

    def __init__(self, seconds: float, *, plain_http: bool) -> None:
        self._seconds = seconds
        self._schemes = {"https", "http"} if plain_http else {"https"}
        self._gate = asyncio.Semaphore(AT_ONCE)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Begin; nothing is connected yet."""
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._seconds, sock_connect=self._seconds / 2),
            cookie_jar=aiohttp.DummyCookieJar(),
            connector=aiohttp.TCPConnector(limit=AT_ONCE),
            trust_env=False,
        )

    async def close(self) -> None:
        """Let the connections go."""
        if self._session is not None:
            await self._session.close()

    async def post(
        self, url: str, secrets: Sequence[str], id: UUID, body: dict[str, Any], now: datetime
    ) -> Reply:
        """One signed POST. A redirect is no answer: data goes to the agreed address only."""
        assert self._session is not None, "recipients were not opened"
        if urlsplit(url).scheme not in self._schemes:
            return Reply(None)
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        try:
            # Waiting for a turn counts too: what is on its way after its lease could overtake a recall.
            async with (
                asyncio.timeout(2 * self._seconds),
                self._gate,
                self._session.post(
                    url, data=text.encode(), headers=_headers(secrets, id, text, now), allow_redirects=False
                ) as response,
            ):
                return Reply(response.status, _acknowledges(await _content(response), id))
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            return Reply(None)


def _headers(secrets: Sequence[str], id: UUID, text: str, now: datetime) -> dict[str, str]:
    """Two signatures while a secret is being replaced: the recipient accepts either."""
    signatures = [Webhook(secret).sign(str(id), now, text) for secret in secrets]
    return {
        "Content-Type": "application/json",
        "webhook-id": str(id),
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
    }


async def _content(response: aiohttp.ClientResponse) -> bytes:
    """The answer, cut at a limit: a recipient cannot fill our memory."""
    content = bytearray()
    async for chunk in response.content.iter_chunked(8192):
        content += chunk
        if len(content) >= ANSWER_LIMIT:
            break
    return bytes(content)


def _acknowledges(content: bytes, id: UUID) -> bool:
    """Whether the recipient said, for this very message, that it is done."""
    try:
        said = json.loads(content) if content else None
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("acknowledged") is True and said.get("id") == str(id)
