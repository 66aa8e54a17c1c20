"""Webhooks: a POST with the form field ``id`` and nothing else, made again until it is answered with 200."""

import asyncio
import logging
from collections.abc import Callable

import aiohttp

from deploy.local.mollie.book import Book, Call, Payment
from deploy.local.mollie.faults import FaultBoard
from deploy.local.mollie.settings import Settings

REORDER_SECONDS = 0.4
LOOK_EVERY = 0.05
log = logging.getLogger("mollie-simulator")


class Courier:
    """Plans webhook calls in the book and makes those that are due."""

    def __init__(self, book: Book, faults: FaultBoard, settings: Settings, now: Callable[[], float]) -> None:
        self._book, self._faults, self._settings, self._now = book, faults, settings, now
        self._planned = 0
        self._under_way: dict[int, asyncio.Task[None]] = {}

    def announce(self, payment: Payment) -> None:
        """Plans the calls for a payment that changed, with the faults in force."""
        url = payment.facts.get("webhookUrl")
        if url is None:
            return
        if self._faults.take("webhook_drop"):
            self._book.add_call(payment.id, url, None)
            return
        faults = self._faults.now
        for _ in range(1 + faults.duplicate):
            late = REORDER_SECONDS if faults.reorder and self._planned % 2 == 0 else 0.0
            self._planned += 1
            self._book.add_call(payment.id, url, self._now() + faults.delay_seconds + late)

    async def work(self, let_time_pass: Callable[[], None]) -> None:
        """Runs until cancelled: lets time pass for payments, and makes the calls that are due."""
        timeout = aiohttp.ClientTimeout(total=self._settings.webhook_timeout)
        async with aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": "Mollie HTTP"}) as http:
            try:
                while True:
                    let_time_pass()
                    self._start_due_calls(http)
                    await asyncio.sleep(LOOK_EVERY)
            finally:
                for task in self._under_way.values():
                    task.cancel()
                await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    def _start_due_calls(self, http: aiohttp.ClientSession) -> None:
        for call in self._book.due_calls(self._now()):
            if call.number not in self._under_way:
                self._under_way[call.number] = asyncio.create_task(self._make(http, call))

    async def _make(self, http: aiohttp.ClientSession, call: Call) -> None:
        try:
            status = await self._post(http, call)
            pauses = self._settings.webhook_pauses
            again = status != 200 and call.attempt <= len(pauses)
            again_at = self._now() + pauses[call.attempt - 1] if again else None
            self._book.finish_call(call.number, status, again_at)
            if status != 200:
                what = "will be sent again" if again else "is given up"
                log.warning("webhook for %s: attempt %d, %s; it %s", call.payment, call.attempt, status, what)
        finally:
            del self._under_way[call.number]

    async def _post(self, http: aiohttp.ClientSession, call: Call) -> int | None:
        """The status of the answer; None when none came in time."""
        try:
            async with http.post(call.url, data={"id": call.payment}) as answer:
                return answer.status
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None
