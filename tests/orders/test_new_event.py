"""An event that has just gone on sale: what the database counted last knows nothing of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from contracts.actors import Actor
from services.orders.store.payments import LOCKED
from tests.orders.stage import Evening, Stage
from tests.orders.test_buying import placed

CROWD = """
INSERT INTO hold (event_id, hold_id, state, made_at, expires_at)
SELECT $1, gen_random_uuid(), 'expired', now(), now() FROM generate_series(1, 5000)
"""


def most_read(plan: dict[str, Any]) -> Iterator[float]:
    """For each table of a plan the rows that were looked at in all."""
    if "Relation Name" in plan:
        seen = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0)
        yield (seen + plan.get("Rows Removed by Join Filter", 0)) * plan["Actual Loops"]
    for part in plan.get("Plans", ()):
        yield from most_read(part)


async def test_a_payment_is_locked_without_reading_what_a_crowd_holds(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    await stage.look(CROWD, uuid4())
    await stage.look("ANALYZE hold, hold_line, placed_order, order_person, payment")
    order = await placed(stage, evening, noor, "A1")
    await stage.look(CROWD, evening.event)
    payment = UUID(str((await stage.payment_of(order["id"]))["payment_id"]))
    (row,) = await stage.look(f"EXPLAIN (ANALYZE, FORMAT JSON) {LOCKED}", evening.event, [payment])
    assert max(most_read(json.loads(row[0])[0]["Plan"])) < 50
