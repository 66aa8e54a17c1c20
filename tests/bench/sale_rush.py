"""What happens once: an on-sale until all is gone, a quota that many want, and mails that follow."""

from __future__ import annotations

import random
from dataclasses import replace
from uuid import UUID

from tests.bench.figure import Figure, Goal
from tests.bench.load import Tally
from tests.bench.sale_field import Field
from tests.bench.sale_stage import database, put_on, put_on_hall, visitors
from tests.bench.sale_visits import Show, attempt, attempt_at_orders, buy, hold_in_turn


async def on_sale(field: Field) -> list[Figure]:
    """One event with standing places and numbered seats, sold out by a crowd that takes two places each."""
    plan = field.plan
    show = await put_on_hall(field.instance, field.endpoints, plan.standing, plan.seats)
    random.Random(0).shuffle(wishes := list(show.wishes))
    known = replace(show, tokens=visitors(field.instance, plan.crowd), wishes=tuple(wishes))
    tally = await field.run(hold_in_turn, known, plan.crowd, journeys=len(wishes))
    async with database(field.instance) as sql:
        kept = await sql.fetchrow(
            """SELECT (SELECT standing_taken FROM stock WHERE event_id = $1) AS standing,
                   (SELECT count(*) FROM seat WHERE event_id = $1 AND hold_id IS NOT NULL) AS seats""",
            UUID(show.event),
        )
    if (kept["standing"], kept["seats"]) != (plan.standing, plan.seats):
        raise RuntimeError(f"{kept} of {plan.standing} standing places and {plan.seats} seats")
    note = f"{plan.standing:,} standing places, {plan.seats:,} seats, one event, {plan.crowd} clients"
    return [
        Figure("sale.onsale", tally.seconds, "s until all is held", sent=tally.sent(), note=note),
        _kind(tally, "seats", "hold of seats"),
        _kind(tally, "standing", "hold of standing places"),
    ]


def _kind(tally: Tally, kind: str, what: str) -> Figure:
    return Figure(f"sale.onsale.{kind}", tally.per_second(kind), "holds/s", sent=tally.sent(kind), note=what)


async def five_hundred(field: Field) -> list[Figure]:
    """Few places and many who want them: at orders, and through the gateway with its waiting room open."""
    plan, goals = field.plan, (Goal(2, at_most=True), Goal(1, at_most=True))
    show = await put_on(field.instance, field.endpoints, plan.quota, places=1)
    known = replace(show, tokens=visitors(field.instance, plan.rush))
    tally = await field.run(attempt_at_orders, known, plan.rush, journeys=plan.attempts)
    await _all_placed(field, show)
    note = f"{plan.quota} placed, unpaid, of {plan.attempts} attempts at orders itself; the peer takes 74 s"
    at_orders = Figure("sale.quota", tally.seconds, "s", *goals, sent=tally.sent(), note=note)
    if at_orders.holds is False:
        steps = (f"{step} p50 {tally.sent(step).p50:.0f} ms" for step in tally.steps)
        at_orders = replace(at_orders, profile=tuple(steps))
    show = await put_on(field.instance, field.endpoints, plan.quota, places=1)
    tally = await field.run(attempt, show, plan.rush, journeys=plan.attempts)
    await _all_placed(field, show)
    note = "the same through the gateway: the waiting room lets in as fast as it thinks that orders can bear"
    return [at_orders, Figure("sale.quota.gateway", tally.seconds, "s", sent=tally.sent(), note=note)]


async def _all_placed(field: Field, show: Show) -> None:
    async with database(field.instance) as sql:
        placed = await sql.fetchval("SELECT count(*) FROM placed_order WHERE event_id = $1", UUID(show.event))
    if placed != field.plan.quota:
        raise RuntimeError(f"{placed} orders of a quota of {field.plan.quota}")


async def mails(field: Field, show: Show, rate: float) -> Figure:
    """From the commit of a paid order to its mail in SMTP, at half of the rate that was measured."""
    async with database(field.instance, "notify") as sql:
        began = await sql.fetchval("SELECT now()")
    await field.run(buy, show, field.plan.buyers, rate=max(1.0, rate / 2), warm=0.0)
    async with database(field.instance) as sql:
        paid = dict(await sql.fetch("SELECT order_id, paid_at FROM placed_order WHERE paid_at > $1", began))
    async with database(field.instance, "notify") as sql:
        sent = dict(await sql.fetch("SELECT order_id, sent_at FROM message WHERE created_at > $1", began))
    late = sorted((sent[order] - at).total_seconds() for order, at in paid.items() if sent.get(order))
    unsent = len(paid) - len(late)
    slowest = float("inf") if unsent or not late else late[int(0.99 * len(late))]
    goals = Goal(2, at_most=True), Goal(1, at_most=True)
    note = (
        f"p99 of {len(late)} mails with their PDF, {unsent} not sent; p50 {late[len(late) // 2]:.2f} s"
        if late
        else ""
    )
    return Figure("sale.mail", slowest, "s from commit to SMTP", *goals, note=note)
