"""Wish lists: what fits, of what one hears where nothing else was said, how long a link counts (G-03)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta
from uuid import UUID

from chassis.decision import Accepted, Refused
from contracts.accounts.wishes import MOST_WISHES

KINDS = ("on_sale", "moved", "nearly_full")
"""Whoever asks for reminders hears of all of it, until they say otherwise."""
LINK_LIFE = timedelta(days=90)
UNKNOWN_LIFE = timedelta(days=365)
"""How long a wish may stand for an event of which this service has not heard when it ends."""


def added(standing: Collection[UUID], wanted: Sequence[UUID]) -> Accepted[tuple[UUID, ...]] | Refused:
    """What is new among `wanted`, as far as it fits; wish-list-full where nothing of it does."""
    new = tuple(dict.fromkeys(one for one in wanted if one not in standing))
    fitting = new[: max(MOST_WISHES - len(standing), 0)]
    return Refused("wish-list-full", {"most": MOST_WISHES}) if new and not fitting else Accepted(fitting)


def in_order(kinds: Collection[str]) -> tuple[str, ...]:
    """Each kind once, in the house's order."""
    return tuple(kind for kind in KINDS if kind in kinds)
