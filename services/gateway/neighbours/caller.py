"""One way to ask another service: token, deadline, and an answer that is a contract or a problem."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import aiohttp
from pydantic import BaseModel

from chassis.context import trail
from chassis.reason import Reason
from contracts.looks import CASE_HEADER, REASON_HEADER
from services.gateway.neighbours.declined import AWAY, Declined
from services.gateway.neighbours.pulse import Pulse
from services.gateway.neighbours.tokens import Acting, TokenBook

T = TypeVar("T", bound=BaseModel)
WATCHED = ("/holds", "/events")
"""What people do who choose: how fast orders answers it says how many more may. Paying waits for others."""
DEADLINE = aiohttp.ClientTimeout(total=15, sock_connect=2)


@dataclass(frozen=True)
class Question:
    """What is asked of a neighbour."""

    service: str
    method: str
    path: str
    acting: Acting | None = None
    body: BaseModel | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    language: str = "nl"
    key: str | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class Document:
    """A file that a neighbour made."""

    content: bytes
    content_type: str


class Neighbours:
    """The five services over HTTP; how orders is doing is felt at its pulse."""

    def __init__(self, addresses: Mapping[str, str], book: TokenBook, pulse: Pulse) -> None:
        self._http: aiohttp.ClientSession | None = None
        self._addresses = addresses
        self._book = book
        self._pulse = pulse

    def use(self, http: aiohttp.ClientSession) -> None:
        """Ask over these connections, which only a running loop can open."""
        self._http = http

    async def close(self) -> None:
        """Let the connections go."""
        if self._http is not None:
            await self._http.close()

    async def ask(self, question: Question, answer: type[T]) -> T | Declined:
        """The answer as its contract, or the neighbour's refusal."""
        got = await self._send(question)
        return got if isinstance(got, Declined) else answer.model_validate_json(got.content)

    async def tell(self, question: Question) -> Declined | None:
        """Ask for something that answers with nothing; the refusal, or None where it was done."""
        got = await self._send(question)
        return got if isinstance(got, Declined) else None

    async def fetch(self, question: Question) -> Document | Declined:
        """A file, such as tickets on paper."""
        return await self._send(question)

    async def _send(self, question: Question) -> Document | Declined:
        if question.service != "orders" or not question.path.startswith(WATCHED):
            return await self._asked(question)
        with self._pulse.beat() as beat:
            got = await self._asked(question)
            beat.failed = isinstance(got, Declined) and got.status >= 500
            return got

    async def _asked(self, question: Question) -> Document | Declined:
        headers = await self._headers(question)
        if isinstance(headers, Declined):
            return headers
        url = self._addresses[question.service] + question.path
        data = None if question.body is None else question.body.model_dump_json(exclude_unset=True).encode()
        assert self._http is not None, "the neighbours were not opened"
        try:
            async with self._http.request(
                question.method,
                url,
                params=question.query,
                data=data,
                headers=headers,
                timeout=DEADLINE,
                allow_redirects=False,
            ) as response:
                content = await response.read()
                if response.status >= 400:
                    return await _declined(response)
                return Document(content, response.content_type)
        except (aiohttp.ClientError, TimeoutError):
            return AWAY

    async def _headers(self, question: Question) -> dict[str, str] | Declined:
        token = await self._book.token(question.acting, question.service)
        if isinstance(token, Declined):
            return token
        step = trail()
        headers = {"X-Request-Id": step.request_id, "Accept-Language": question.language}
        headers["Authorization"] = f"Bearer {token}"
        why = question.reason
        optional = {
            "traceparent": step.traceparent,
            "Idempotency-Key": question.key,
            REASON_HEADER: why.code.value if why else None,
            CASE_HEADER: str(why.case) if why and why.case else None,
            "Content-Type": None if question.body is None else "application/json",
        }
        return headers | {name: value for name, value in optional.items() if value is not None}


async def _declined(response: aiohttp.ClientResponse) -> Declined:
    try:
        document = await response.json(content_type=None)
    except ValueError:
        document = None
    if not isinstance(document, dict) or "type" not in document:
        return Declined.ours("broke", 500)
    return Declined(response.status, document)
