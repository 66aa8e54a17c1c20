"""What a planner may decide of an event: its states, its times, its prices."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from chassis.decision import Accepted, Refused
from contracts.orders.events import Changed
from contracts.orders.planning import EventPlan, PlannedEvent, PlannedState, PricePlan
from services.orders.domain.states import EVENT, move

PRACTICAL: tuple[Changed, ...] = ("hall", "doors_at", "starts_at", "ends_at")
"""What ticket holders want to be told of when it changes (G-23)."""


def decide_move(now: PlannedState, wanted: PlannedState, prices: int) -> Accepted[bool] | Refused:
    """Whether an event goes on to another state: False where it is there already.

    Refusals: no-such-move; no-price where nothing could be sold.
    """
    moved = move(EVENT, now, wanted)
    if isinstance(moved, Accepted) and moved.value and wanted == "on_sale" and prices == 0:
        return Refused("no-price")
    return moved


def decide_times(plan: EventPlan) -> Refused | None:
    """Doors, start and end in this order, and a sale that ends after it began: wrong-times."""
    sound = (
        plan.doors_at <= plan.starts_at < plan.ends_at
        and plan.on_sale_from < plan.ends_at
        and (plan.online_until is None or plan.on_sale_from < plan.online_until <= plan.ends_at)
    )
    return None if sound else Refused("wrong-times")


def decide_change(before: PlannedEvent, plan: EventPlan) -> Refused | None:
    """Whether an event may be changed so: changed-meanwhile, hall-fixed, places-sold.

    What was announced to the public stays in its hall, because somebody may hold a seat of it.
    """
    if plan.version != before.version:
        return Refused("changed-meanwhile")
    if plan.hall != before.hall and before.state != "draft":
        return Refused("hall-fixed")
    taken = before.standing - before.standing_free
    return Refused("places-sold", {"taken": taken}) if plan.standing < taken else None


def what_changed(before: PlannedEvent, now: PlannedEvent) -> tuple[Changed, ...]:
    """The practical facts that are others now; none of a draft, which nobody has heard of."""
    if before.state == "draft":
        return ()
    return tuple(name for name in PRACTICAL if getattr(before, name) != getattr(now, name))


def decide_prices(
    prices: Sequence[PricePlan], known: Collection[UUID | None], held: Collection[UUID]
) -> Refused | None:
    """Whether these may be an event's prices, of which some are `known` and some of those `held`.

    Refusals: wrong-conditions, unknown-price, price-in-use.
    """
    ids = [price.id for price in prices if price.id is not None]
    if not set(ids) <= set(known) or len(ids) != len(set(ids)):
        return Refused("unknown-price")
    for price in prices:
        most, oldest = price.most or 50, 120 if price.oldest is None else price.oldest
        later = price.sold_from and price.sold_until and price.sold_from >= price.sold_until
        if price.least > most or (price.youngest or 0) > oldest or later:
            return Refused("wrong-conditions")
    if not set(held) <= set(ids):
        return Refused("price-in-use")
    return None


def slug_of(title: str, day: date, taken: Collection[str]) -> str:
    """An address from title and day, `zout-2026-12-04`, with a number where it is taken."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "event"
    slug, number = f"{words}-{day.isoformat()}", 1
    while slug in taken:
        number += 1
        slug = f"{words}-{day.isoformat()}-{number}"
    return slug
