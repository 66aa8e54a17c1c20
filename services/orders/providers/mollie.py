"""Mollie, by its own client: blocking, so in threads, a few at once, with timeouts and stored keys (W-34).

Mollie gets what domain/payment.py writes down and nothing else. This is an adapter of a port, not a door: it
stands beside entrypoints/ in a room of its own (see providers/__init__.py).
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import requests
from mollie.api.client import Client
from mollie.api.error import Error, RequestError, ResponseError

from services.orders.domain.payment import ChargebackSeen, PaymentSeen, RefundSeen
from services.orders.providers.port import Method, ProviderAway, ProviderRefused

T = TypeVar("T")
# Answers of a provider that is overloaded or broken: the same request may succeed later.
PASSING = frozenset((408, 409, 425, 429, 500, 502, 503, 504))
EMBEDDED = "refunds,chargebacks"
CHARGEBACKS_AT_ONCE = 100


class Mollie:
    """A PaymentProvider that speaks to Mollie's API v2."""

    def __init__(
        self, endpoint: str, key: str, connect_seconds: int, read_seconds: int, at_once: int
    ) -> None:
        """`key` is an API key; ValueError where it has not the form of one."""
        self._settings = (endpoint, key, (connect_seconds, read_seconds))
        self._turn = asyncio.Semaphore(at_once)
        # Threads of its own: a provider that hangs must not take those that resolve names for everybody.
        self._threads = ThreadPoolExecutor(at_once, thread_name_prefix="mollie")
        self._kept = threading.local()
        try:
            self._client()
        except Error:
            raise ValueError("the secret `mollie` is no API key") from None

    async def create(self, request: Mapping[str, object], key: UUID) -> PaymentSeen:
        """Begin a payment."""

        def ask(client: Any) -> PaymentSeen:
            return _seen(client.payments.create(dict(request), idempotency_key=str(key)))

        return await self._ask(ask)

    async def look(self, provider_id: str) -> PaymentSeen:
        """The state of a payment now."""

        def ask(client: Any) -> PaymentSeen:
            return _seen(client.payments.get(provider_id, embed=EMBEDDED))

        return await self._ask(ask)

    async def methods(self, locale: str) -> Sequence[Method]:
        """The methods that are switched on at Mollie for payments like ours."""

        def ask(client: Any) -> list[Method]:
            return [Method(str(one.id), str(one.description)) for one in client.methods.list(locale=locale)]

        return await self._ask(ask)

    async def charged_back(self) -> Sequence[str]:
        """The payments of the newest chargebacks: one page, which holds those of weeks."""

        def ask(client: Any) -> list[str]:
            return [str(one.payment_id) for one in client.chargebacks.list(limit=CHARGEBACKS_AT_ONCE)]

        return await self._ask(ask)

    async def refund(self, provider_id: str, cents: int, currency: str, description: str, key: UUID) -> str:
        """Give money back."""
        amount = {"currency": currency, "value": f"{cents // 100}.{cents % 100:02d}"}

        def ask(client: Any) -> str:
            payment = client.payments.get(provider_id)
            body = {"amount": amount, "description": description}
            return str(payment.refunds.create(body, idempotency_key=str(key)).id)

        return await self._ask(ask)

    async def close(self) -> None:
        """Let the threads end; what was asked goes on at the provider and is looked up later."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _client(self) -> Any:
        """The client of this thread: requests' sessions are not meant for several."""
        known = getattr(self._kept, "client", None)
        if known is None:
            endpoint, key, timeout = self._settings
            known = Client(api_endpoint=endpoint, timeout=timeout, retry=0)
            known.set_api_key(key)
            known._client = _Session(endpoint)
            self._kept.client = known
        return known

    async def _ask(self, ask: Callable[[Any], T]) -> T:
        loop = asyncio.get_running_loop()
        async with self._turn:
            try:
                return await loop.run_in_executor(self._threads, lambda: ask(self._client()))
            except RequestError:
                raise ProviderAway from None
            except ResponseError as answer:
                status = int(answer.status or 0)
                raise (ProviderAway() if status in PASSING else ProviderRefused(status)) from None
            except Error:
                # An answer that is no JSON comes from something in between, not from Mollie.
                raise ProviderAway from None


class _Session(requests.Session):
    """What the client would open by itself, but for what it looks up before every call.

    requests searches the environment for proxies, certificates and a netrc file, and prepares for cookies,
    files and redirects, none of which Mollie's API has: a millisecond that all requests of this process wait
    for. Here the environment is read once, and a request is sent as the client wrote it.
    """

    def __init__(self, endpoint: str) -> None:
        super().__init__()
        found = self.merge_environment_settings(endpoint, {}, None, None, None)
        self.proxies, self.verify, self.trust_env = found["proxies"], found["verify"], False

    # The stubs list every argument that requests knows; the client gives these, and its query in the URL.
    def request(self, method: str, url: str, **asked: Any) -> requests.Response:  # type: ignore[override]
        """Send what the client of Mollie asks: headers, a JSON text or nothing, and its timeout."""
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url = method, url
        prepared.headers = requests.structures.CaseInsensitiveDict(asked["headers"])
        prepared.body = asked["data"].encode() or None
        # A body of unknown length would go in chunks, which not every server and proxy takes.
        prepared.prepare_content_length(prepared.body)
        adapter = self.get_adapter(url)
        answer = adapter.send(
            prepared,
            timeout=asked["timeout"],
            verify=True if self.verify is None else self.verify,
            proxies=self.proxies,
        )
        # Read whole, so that the connection is free for the next.
        assert answer.content is not None, "an answer has a body, if an empty one"
        return answer


def _seen(payment: Any) -> PaymentSeen:
    ends = payment.expires_at
    embedded = payment.get("_embedded") or {}
    return PaymentSeen(
        provider_id=str(payment.id),
        state=str(payment.status),
        cents=_cents(payment.amount),
        checkout_url=payment.checkout_url,
        expires_at=datetime.fromisoformat(ends) if ends else None,
        refunds=tuple(
            RefundSeen(str(one["id"]), str(one["status"]), _cents(one["amount"]))
            for one in embedded.get("refunds", ())
        ),
        chargebacks=tuple(
            ChargebackSeen(str(one["id"]), _cents(one["amount"]), one.get("reversedAt") is not None)
            for one in embedded.get("chargebacks", ())
        ),
    )


def _cents(amount: Mapping[str, str]) -> int:
    return int(Decimal(amount["value"]) * 100)
