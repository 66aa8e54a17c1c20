"""The cashier: asks the provider for a payment that is written down already, and looks how it stands.

Nothing here runs inside a transaction while the provider is asked. Whatever is cut off in between is asked
again with the same key, by the buyer's own repetition, by a webhook or by the timer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from chassis.clock import Clock
from chassis.log import get_logger
from chassis.work import Workplace
from chassis.writers import Writers
from contracts.actors import SYSTEM
from services.orders.domain.checkout import PaymentTimes, kept_until
from services.orders.domain.payment import UNDECIDED, PaymentSeen
from services.orders.handlers.follow_money import FollowMoney
from services.orders.handlers.settle_payment import SettlePayment
from services.orders.providers.port import PaymentProvider, ProviderAway, ProviderRefused
from services.orders.store import holds, payments
from services.orders.store.payments import Answered, PaymentRow

LOOK_EVERY = timedelta(seconds=30)
# A chargeback can be reversed for weeks; its webhook tells at once, and this finds one that was lost. What
# the provider does not know (a key of another account) is looked at as seldom, and keeps no other waiting.
LOOK_SELDOM = timedelta(hours=6)
TRIES = 2
MENDED_AT_ONCE = 5


@dataclass(frozen=True, slots=True)
class Begun:
    """A payment that the provider knows and waits for: where to pay, and until when the places are kept."""

    checkout_url: str | None
    kept_until: datetime


class Cashier:
    """Stands between orders and a payment provider."""

    def __init__(
        self,
        work: Workplace,
        clock: Clock,
        provider: PaymentProvider,
        settle: SettlePayment,
        follow: FollowMoney,
        times: PaymentTimes,
    ) -> None:
        self._work = work
        self._clock = clock
        self._provider = provider
        self._settle = settle
        self._follow = follow
        self._times = times
        self._answers: Writers[UUID, Answered, None] = Writers(self._keep_answers)
        self._known: Writers[None, str, PaymentRow | None] = Writers(self._look_up)
        self._mended: Writers[None, None, None] = Writers(self._mend)
        self._log = get_logger()

    async def begin(self, payment: PaymentRow) -> Begun | None:
        """See to it that a payment that is written down is known to the provider, as far as it answers.

        How it stands where the provider waits for the buyer now; None where something else came of it.
        """
        return await self._see_to(payment, look=False)

    async def close(self) -> None:
        """Let every answer be written that came."""
        await self._answers.close()
        await self._settle.close()

    async def begin_last(self, order: UUID) -> None:
        """The same for the last try to pay an order, where that is still open."""
        payment = await payments.latest_of(self._work.once("payment", SYSTEM), order)
        if payment is not None and payment.state == "open":
            await self._see_to(payment, look=False)

    async def heard_of(self, provider_id: str) -> None:
        """The provider says that something happened to a payment: look it up, believe nothing else."""
        payment = await self._known.submit(None, provider_id)
        if payment is None:
            # Anybody can post an id: those that nobody knows share one look at what is unanswered.
            await self._mended.submit(None, None)
            payment = await self._known.submit(None, provider_id)
        if payment is not None:
            await self._see_to(payment, look=True)

    async def reconcile(self, limit: int) -> int:
        """Look at payments whose time has come: lost webhooks, cut-off requests. How many there were."""
        sql = self._work.once("payment", SYSTEM)
        due = await payments.to_look_at(sql, self._clock.now(), limit)
        for payment in due:
            await self._see_to(payment, look=True)
        return len(due)

    async def find_chargebacks(self) -> None:
        """Look at what banks took back lately and is still paid here: a webhook that was lost."""
        try:
            taken = await self._provider.charged_back()
        except (ProviderAway, ProviderRefused):
            self._log.warning("payment_provider_away")
            return
        for payment in await payments.paid_among(self._work.once("payment", SYSTEM), taken):
            await self._see_to(payment, look=True)

    async def _see_to(self, payment: PaymentRow, *, look: bool) -> Begun | None:
        if payment.provider == "free":
            await self._settle(payment, "paid", payment.cents)
        elif payment.provider_id is None:
            return await self._create(payment)
        elif look:
            await self._look(payment, payment.provider_id)
        return None

    async def _create(self, payment: PaymentRow) -> Begun | None:
        assert payment.request is not None, "an unanswered payment keeps its request"
        for _ in range(TRIES):
            try:
                seen = await self._provider.create(payment.request, payment.idempotency_key)
            except ProviderAway:
                continue
            except ProviderRefused as refused:
                self._log.error("payment_refused_by_provider", status=refused.status)
                await self._settle.refused(payment)
                return None
            return await self._answered(payment, seen)
        self._log.warning("payment_provider_away")
        await self._again_later(payment, LOOK_EVERY)
        return None

    async def _answered(self, payment: PaymentRow, seen: PaymentSeen) -> Begun | None:
        """Keep the answer; the places outlive the payment by the grace."""
        until = kept_until(payment.placed_at, self._clock.now(), seen.expires_at, self._times)
        await self._answers.submit(payment.event, Answered(payment, seen, until))
        await self._settle(payment, seen.state, seen.cents)
        return Begun(seen.checkout_url, until) if seen.state in UNDECIDED else None

    async def _mend(self, _: None, asked: Sequence[None]) -> Sequence[None]:
        """A first answer may never have reached us: ask again for what is unanswered, by the same keys."""
        for unanswered in await payments.unanswered(self._work.once("payment", SYSTEM), MENDED_AT_ONCE):
            await self._see_to(unanswered, look=False)
        return asked

    async def _look_up(self, _: None, provider_ids: Sequence[str]) -> list[PaymentRow | None]:
        found = await payments.of_provider_ids(self._work.once("payment", SYSTEM), provider_ids)
        return [found.get(one) for one in provider_ids]

    async def _keep_answers(self, event: UUID, answers: Sequence[Answered]) -> Sequence[None]:
        async with self._work("payment", SYSTEM) as tx:
            await holds.lock_all(tx, event, [one.payment.hold for one in answers])
            await payments.answered(tx, event, answers, tx.now + LOOK_EVERY)
        return [None] * len(answers)

    async def _look(self, payment: PaymentRow, provider_id: str) -> None:
        try:
            seen = await self._provider.look(provider_id)
        except ProviderAway:
            self._log.warning("payment_provider_away")
        except ProviderRefused as refused:
            self._log.error("payment_unknown_to_provider", status=refused.status)
            await self._again_later(payment, LOOK_SELDOM)
            return
        else:
            await self._settle(payment, seen.state, seen.cents)
            await self._follow(payment, seen)
            if seen.state not in UNDECIDED and payment.state != "charged_back":
                return
        await self._again_later(payment, LOOK_EVERY if payment.state == "open" else LOOK_SELDOM)

    async def _again_later(self, payment: PaymentRow, pause: timedelta) -> None:
        sql = self._work.once("payment", SYSTEM)
        await payments.look_again(sql, payment, self._clock.now() + pause)
