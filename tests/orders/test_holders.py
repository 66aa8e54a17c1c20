"""Names on tickets: optional, the buyer's alone, changed until the evening is over, forgotten after it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from chassis.charter import Charter
from chassis.copying import part_of
from chassis.forgetting import carry_out_erasure
from chassis.serve import Service
from chassis.testing import SetClock
from contracts.actors import SYSTEM, Actor, Role
from services.orders.domain.holders import decide_names
from tests.orders.conftest import ROOT
from tests.orders.stage import Answered, Evening, Stage, staff, visitor
from tests.orders.test_buying import bought, placed
from tests.orders.test_holding import timer

NAMED = "orders.holders.named.v1"


async def name(stage: Stage, actor: Actor, order: Any, *names: str | None) -> Answered:
    holders = [
        {"ticket": ticket["id"], "name": one} for ticket, one in zip(order["tickets"], names, strict=False)
    ]
    return await stage.ask(actor, "PUT", f"/orders/{order['id']}/holders", {"holders": holders})


async def kept(stage: Stage, order: Any) -> int:
    """How many names are kept of an order."""
    return len(await stage.look("SELECT FROM ticket_holder WHERE order_id = $1", UUID(order["id"])))


def names_of(answer: Answered) -> list[str | None]:
    return [one["name"] for one in answer.body["tickets"]]


@pytest.mark.requirement("G-10")
@pytest.mark.requirement("F-18")
async def test_a_buyer_writes_changes_and_takes_off_names_and_only_changes_are_told(
    stage: Stage, evening: Evening, noor: Actor
) -> None:
    order = await bought(stage, evening, noor, "A1", "A2", standing=1)
    shown = await stage.ask(noor, "GET", f"/orders/{order['id']}/holders")
    assert (names_of(shown), shown.body["open"]) == ([None, None, None], True)
    assert names_of(await name(stage, noor, order, " Lore ", None, "Ömer Ünal")) == [
        "Lore",
        None,
        "Ömer Ünal",
    ]
    assert names_of(await name(stage, noor, order, "Lore")) == ["Lore", None, "Ömer Ünal"]
    assert names_of(await name(stage, noor, order, None, "Wies")) == [None, "Wies", "Ömer Ünal"]
    told = [one for one in await stage.announced(NAMED) if one["order"] == order["id"]]
    first, second = sorted(told, key=lambda one: int(one["version"]))
    tickets = [one["id"] for one in order["tickets"]]
    assert (first["version"], second["version"]) == (1, 2)
    assert {one["ticket"]: one["name"] for one in first["holders"]} == {
        tickets[0]: "Lore",
        tickets[2]: "Ömer Ünal",
    }
    assert {one["ticket"]: one["name"] for one in second["holders"]} == {tickets[0]: None, tickets[1]: "Wies"}


async def test_nobody_else_and_no_other_ticket_is_named(stage: Stage, evening: Evening, noor: Actor) -> None:
    order = await bought(stage, evening, noor, "A1")
    other = await bought(stage, evening, visitor(), "A2")
    assert (await name(stage, visitor(), order, "Lore")).slug == "not-found"
    assert (await name(stage, staff(Role.BOX_OFFICE), order, "Lore")).status == 403
    mixed = {"id": order["id"], "tickets": other["tickets"]}
    assert (await name(stage, noor, mixed, "Lore")).slug == "ticket-not-of-order"
    assert (await name(stage, noor, order, "x" * 121)).status == 422
    assert (await name(stage, noor, order, "Lore\nBcc: a@example.org")).status == 422
    waiting = await placed(stage, evening, noor, "A3")
    answer = await stage.ask(noor, "PUT", f"/orders/{waiting['id']}/holders", {"holders": []})
    assert answer.slug == "names-closed"
    assert await kept(stage, order) == await kept(stage, other) == 0


@pytest.mark.requirement("W-20")
async def test_names_close_with_the_evening_and_are_gone_a_week_after_it(
    stage: Stage, service: Service, evening: Evening, noor: Actor, clock: SetClock
) -> None:
    order = await bought(stage, evening, noor, "A1")
    await name(stage, noor, order, "Lore")
    (ends_at,) = await stage.look("SELECT ends_at FROM event WHERE event_id = $1", evening.event)
    clock.set(ends_at[0])
    assert (await name(stage, noor, order, "Wies")).slug == "names-closed"
    clock.move(timedelta(days=6))
    await timer(service, "forget_holders")
    assert await kept(stage, order) == 1
    clock.move(timedelta(days=2))
    put_off = "UPDATE event SET ends_at = $2 WHERE event_id = $1"
    await stage.look(put_off, evening.event, clock.now() + timedelta(days=1))
    await timer(service, "forget_holders")
    assert await kept(stage, order) == 1, "it was put off"
    await stage.look(put_off, evening.event, ends_at[0])
    await timer(service, "forget_holders")
    assert await kept(stage, order) == 0


@pytest.mark.requirement("W-40")
@pytest.mark.requirement("W-42")
async def test_names_are_in_the_buyers_copy_and_go_with_the_buyer(
    stage: Stage, service: Service, evening: Evening, noor: Actor
) -> None:
    order = await bought(stage, evening, noor, "A1")
    await name(stage, noor, order, "Lore")
    charter = Charter.read(ROOT / "services" / "orders" / "charter.toml")
    async with service.workplace("rights", SYSTEM) as tx:
        copied = await part_of(tx, charter, noor.id)
        assert [row["name"] for row in copied["ticket_holder"]["rows"]] == ["Lore"]
        done = await carry_out_erasure(tx, charter, noor.id, uuid4())
    assert done.counts["ticket_holder"] == 1
    assert (await name(stage, noor, order, "Wies")).slug == "not-found"


def test_only_what_changes_is_decided() -> None:
    one, two = UUID(int=1), UUID(int=2)
    decided = decide_names({one: "Lore", two: None}, {one: "Lore", two: "Wies"}, open_now=True)
    assert getattr(decided, "value", None) == {two: "Wies"}
