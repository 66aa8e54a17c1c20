"""One batch of checkouts: which holds become orders, written in one transaction with who ordered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from chassis.context import Trail
from chassis.decision import Accepted, Refused
from chassis.gate import choose_at_checkout
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.orders.api import Choice
from contracts.orders.events import BuyerNamedV1, ChoiceMadeV1, OrderPlacedV1
from services.orders.domain.checkout import Asked, Found, PaymentTimes, Placement, decide_placements
from services.orders.domain.disclosure import CHANNEL
from services.orders.domain.order_number import number_from
from services.orders.handlers.keys import REUSED
from services.orders.store import orders, placing
from services.orders.store.orders import NewOrder
from services.orders.store.payments import PaymentRow
from services.orders.store.placing import KeyedCheckout, NewPlacement


@dataclass(frozen=True, slots=True)
class Checked:
    """A checkout that waits for its batch: its order's id, where it comes back to, whose request it is."""

    asked: KeyedCheckout
    order: UUID
    back: str
    step: Trail


Outcome = NewPlacement | UUID | Refused
"""A new order, the order that the key stands for already, or why there is none."""
Payment = Callable[[NewOrder, UUID, str, str, str | None], PaymentRow]
"""Order, buyer, address to come back to, language and way to pay to a first try to pay."""
Known = Mapping[tuple[UUID, str], tuple[str, UUID]]


class TakeOrders:
    """Commits batches of checkouts, of all events together."""

    def __init__(self, work: Workplace, times: PaymentTimes, payment: Payment) -> None:
        self._work = work
        self._times = times
        self._payment = payment

    async def commit(self, _: None, batch: Sequence[Checked]) -> list[Outcome]:
        """One transaction for all. The holds' locks make the same request, come twice, wait for itself."""
        asked = [one.asked for one in batch]
        async with self._work("ticket_sale", SYSTEM) as tx:
            await orders.all_stay(tx, {one.buyer for one in asked})
            found = await placing.lock(tx, asked)
            decided = decide_placements([_wish(one) for one in asked], found, self._times, tx.now)
            drafts = [self._draft(tx, *one) for one in zip(batch, found, decided, strict=True)]
            written = await placing.place(tx, [one for one in drafts if isinstance(one, NewPlacement)])
            for one, draft in zip(batch, drafts, strict=True):
                if isinstance(draft, NewPlacement) and draft.order.order in written:
                    await _announce(tx, one, draft)
            refused = [one for one, draft in zip(asked, drafts, strict=True) if isinstance(draft, Refused)]
            known = await placing.known(tx, refused)
        return [_told(*one, written, known) for one in zip(asked, drafts, strict=True)]

    def _draft(
        self, tx: Work, checked: Checked, found: Found | None, decided: Accepted[Placement] | Refused
    ) -> NewPlacement | Refused:
        if isinstance(decided, Refused):
            return decided
        assert found is not None, "what is not there is refused"
        asked, decision = checked.asked, decided.value
        sums = (decision.total_cents, decision.vat_cents)
        new = NewOrder(found.event, checked.order, number_from(uuid4()), asked.typed.hold, *sums, tx.now)
        payment = self._payment(new, asked.buyer, checked.back, asked.typed.locale, asked.typed.method)
        return NewPlacement(
            asked, new, found.kept.lines, found.labels, decision.kept_until, payment, found.version
        )


def _wish(asked: KeyedCheckout) -> Asked:
    choices = frozenset(choice.organisation for choice in asked.typed.choices)
    return Asked(asked.typed.hold, choices, asked.claim)


def _told(
    asked: KeyedCheckout, draft: NewPlacement | Refused, written: Collection[UUID], known: Known
) -> Outcome:
    """What a checkout came to. A key that was used for something else places nothing."""
    if isinstance(draft, NewPlacement):
        return draft if draft.order.order in written else REUSED
    before = known.get((asked.buyer, asked.key))
    if before is None:
        return draft
    body_hash, order = before
    return order if body_hash == asked.body_hash else REUSED


async def _announce(tx: Work, checked: Checked, new: NewPlacement) -> None:
    buyer, typed = checked.asked.buyer, checked.asked.typed
    for choice in {choice.organisation: choice for choice in typed.choices}.values():
        await _choose(tx, checked, choice)
    await tx.announce(OrderPlacedV1(subject=buyer, order=checked.order), checked.step)
    await tx.announce(
        BuyerNamedV1(
            subject=buyer,
            version=new.version,
            name=typed.name,
            email=typed.email,
            phone=typed.phone,
            locale=typed.locale,
        ),
        checked.step,
    )


async def _choose(tx: Work, checked: Checked, choice: Choice) -> None:
    """A choice counts here at once, and accounts keeps the proof of it (Art. 7(1), F-67)."""
    buyer, state = checked.asked.buyer, "given" if choice.given else "refused"
    await choose_at_checkout(tx, buyer, choice.purpose, choice.organisation, CHANNEL, state)
    await tx.announce(
        ChoiceMadeV1(
            subject=buyer,
            purpose=choice.purpose,
            organisation=choice.organisation,
            channel=CHANNEL,
            state=state,
            wording=choice.wording,
            language=checked.asked.typed.locale,
            made_at=tx.now,
        ),
        checked.step,
    )
