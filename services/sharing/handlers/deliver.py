"""Delivers what is due: claim and commit, POST, commit the answer.

A crash between the recipient's yes and our commit repeats the message after its lease, with the same
webhook-id: at least once, never lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from chassis.clock import Clock
from chassis.faults import DatabaseAway
from chassis.log import get_logger
from chassis.sealing import SealBroken
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.sharing.events import DisclosureMadeV1, RecallAcknowledgedV1
from services.sharing.domain.fate import Again, Reply, Settled, after, pause_after
from services.sharing.domain.message import Kind, Message, on_the_wire
from services.sharing.domain.purposes import EXCHANGE
from services.sharing.handlers.compose_message import RIGHTS, Compose, NoMessage
from services.sharing.secret_box import SecretBox
from services.sharing.store import agreements, deliveries, endpoint_secrets, ledger
from services.sharing.store.agreements import Endpoint
from services.sharing.store.deliveries import Claimed
from services.sharing.webhooks import Recipients

KINDS = {EXCHANGE: (Kind.REGISTERED,), RIGHTS: (Kind.CORRECTED, Kind.OBJECTED, Kind.RESTRICTED, Kind.ERASED)}
"""Who is restricted is not told of, and what waits is told when that ends; rights go on (Art. 18(2), 19)."""
AT_ONCE = 4


class Deliver:
    """One round per organisation at a time, so that a slow recipient keeps nobody else waiting."""

    def __init__(
        self, work: Workplace, recipients: Recipients, box: SecretBox, clock: Clock, lease: timedelta
    ) -> None:
        self._work = work
        self._compose = Compose(work)
        self._recipients = recipients
        self._box = box
        self._clock = clock
        self._lease = lease
        self._rounds: dict[UUID, asyncio.Task[None]] = {}
        self._log = get_logger()

    async def __call__(self) -> None:
        """Begin a round for every organisation that has none under way."""
        for endpoint in await agreements.endpoints(self._work.once(EXCHANGE, SYSTEM)):
            running = self._rounds.get(endpoint.organisation)
            if running is None or running.done():
                self._rounds[endpoint.organisation] = asyncio.create_task(self._round(endpoint))

    async def finished(self) -> None:
        """Wait for the rounds that are under way."""
        await asyncio.gather(*self._rounds.values())

    async def stop(self) -> None:
        """Cut the rounds; what was claimed comes back after its lease."""
        for task in self._rounds.values():
            task.cancel()
        await asyncio.gather(*self._rounds.values(), return_exceptions=True)

    async def _round(self, endpoint: Endpoint) -> None:
        try:
            secrets = await self._secrets(endpoint)
            for purpose, kinds in KINDS.items() if secrets else ():
                await self._purpose(endpoint, secrets, purpose, kinds)
        except DatabaseAway:
            self._log.warning("deliveries_wait_for_database", organisation=endpoint.organisation)
        except SealBroken as error:
            self._log.error("secrets_unreadable", organisation=endpoint.organisation, exc_info=error)
        except Exception as error:
            self._log.error("round_failed", organisation=endpoint.organisation, exc_info=error)

    async def _secrets(self, endpoint: Endpoint) -> Sequence[str]:
        """What signs messages now: one secret, or two while one is being replaced; none until it is moved."""
        sql = self._work.once(EXCHANGE, SYSTEM)
        return [self._box.open(row) for row in await endpoint_secrets.of(sql, endpoint.organisation)]

    async def _purpose(
        self, endpoint: Endpoint, secrets: Sequence[str], purpose: str, kinds: Sequence[Kind]
    ) -> None:
        """Deliver until nothing is due, or until the recipient does not answer."""
        while True:
            async with self._work(purpose, SYSTEM) as tx:
                claimed = await deliveries.claim(tx, endpoint.organisation, kinds, self._lease, AT_ONCE)
            tries = (self._one(endpoint.url, secrets, purpose, one) for one in claimed)
            if not claimed or not all(await asyncio.gather(*tries)):
                return

    async def _one(self, url: str, secrets: Sequence[str], purpose: str, claimed: Claimed) -> bool:
        """Try one message; False where it must wait, which ends the round."""
        try:
            return await self._try(url, secrets, purpose, claimed)
        except DatabaseAway:
            raise
        except Exception as error:
            # One message that cannot be made must not stop the others; it comes back after its lease.
            self._log.error("delivery_not_made", message_id=claimed.id, exc_info=error)
            return False

    async def _try(self, url: str, secrets: Sequence[str], purpose: str, claimed: Claimed) -> bool:
        message = await self._compose(claimed)
        if isinstance(message, NoMessage):
            # Of someone who was restricted meanwhile nothing is touched: the message waits until that ends.
            async with self._work(purpose, SYSTEM) as tx:
                await _nothing_left(tx, claimed, message)
            return True
        body = on_the_wire(claimed.id, message, self._clock.now())
        reply = await self._recipients.post(url, secrets, claimed.id, body, self._clock.now())
        # What left is noted whoever was restricted meanwhile: people may know who got what (Art. 15, 19).
        async with self._work(RIGHTS, SYSTEM) as tx:
            await self._settle(tx, claimed, message, reply)
        return reply.taken

    async def _settle(self, tx: Work, claimed: Claimed, message: Message, reply: Reply) -> None:
        fate = after(reply, claimed.kind, claimed.attempts, claimed.created_at, tx.now)
        if isinstance(fate, Again):
            self._log.info("delivery_again", message_id=claimed.id, attempts=claimed.attempts)
            await deliveries.again(tx, claimed.id, fate)
            return
        # The row is gone where the person was erased meanwhile: the recall that follows was counted on it.
        if not await deliveries.settle(tx, claimed.id, fate):
            return
        if fate is Settled.FAILED:
            self._log.error("delivery_given_up", message_id=claimed.id, attempts=claimed.attempts)
        elif message.discloses and claimed.subject is not None:
            await _disclose(tx, claimed, claimed.subject, message.discloses)
        elif claimed.kind is Kind.ERASED and claimed.recall is not None:
            await _acknowledge(tx, claimed.recall)


async def _nothing_left(tx: Work, claimed: Claimed, why: NoMessage) -> None:
    if why is NoMessage.NOT_YET:
        await deliveries.again(tx, claimed.id, Again(tx.now + pause_after(claimed.attempts)))
    elif claimed.attempts > 1:
        # An earlier try may have arrived: objections and recalls follow whatever is not dropped.
        await deliveries.settle(tx, claimed.id, Settled.FAILED)
    else:
        await deliveries.drop(tx, claimed.id)


async def _disclose(tx: Work, claimed: Claimed, subject: UUID, allowed: tuple[str, ...]) -> None:
    disclosure = uuid4()
    tx.handed(claimed.organisation, [subject], EXCHANGE)
    await ledger.disclose(tx, disclosure, subject, claimed.organisation, claimed.attendee, allowed)
    await tx.announce(
        DisclosureMadeV1(
            subject=subject, disclosure=disclosure, recipient=claimed.organisation, allowed=allowed
        )
    )


async def _acknowledge(tx: Work, recall: UUID) -> None:
    closed = await ledger.all_answered(tx, recall)
    if closed is not None:
        await tx.announce(
            RecallAcknowledgedV1(subject=closed.subject, case=closed.case, recipient=closed.recipient)
        )
