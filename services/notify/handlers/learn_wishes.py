"""What people wish to see, as accounts tells it: kept for their list, and read for a reminder only (G-03)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from chassis.heard import Heard
from chassis.work import Work
from contracts.accounts.events import WishAddedV1
from services.notify.store import wishes
from services.notify.store.wishes import Wish


async def learn_wishes(tx: Work, letters: Sequence[Heard[Any]]) -> None:
    """accounts.wish.added and accounts.wish.removed, in any order: the higher version counts."""
    await wishes.keep(tx, [_wish(heard.event) for heard in letters])


def _wish(told: Any) -> Wish:
    kinds = told.kinds if isinstance(told, WishAddedV1) else ()
    return Wish(told.subject, told.event, kinds, told.version)
