"""Choices and restrictions, in whatever order they arrive."""

from __future__ import annotations

import itertools
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from chassis.gate import allowed, choose_at_checkout, gate_subscriptions
from chassis.testing import SetClock, heard
from chassis.work import Workplace
from contracts.accounts.events import ChoiceSetV1
from contracts.actors import SYSTEM, Actor, Role
from contracts.envelope import Event
from contracts.retention.events import RestrictionSetV1

NEWS = "co_presentation_news"
ADA, THEIRS, OTHERS = uuid4(), uuid4(), uuid4()


async def hear(work: Workplace, clock: SetClock, *events: Event) -> None:
    for event in events:
        handle = next(one.handle for one in gate_subscriptions(work) if one.event is type(event))
        await handle(heard(event, clock.now()))


def choice(state: str, version: int, purpose: str = NEWS, **facts: Any) -> ChoiceSetV1:
    known = {"organisation": THEIRS, "channel": "email"} | facts
    return ChoiceSetV1(subject=ADA, purpose=purpose, state=state, version=version, **known)


async def news_allowed(work: Workplace, organisation: Any = THEIRS, channel: str = "email") -> bool:
    return await allowed(work.once(NEWS, SYSTEM), ADA, NEWS, organisation, channel)


@pytest.mark.requirement("G-34")
async def test_consent_is_denied_without_a_choice_and_holds_for_that_organisation_and_channel_only(
    work: Workplace, clock: SetClock
) -> None:
    assert not await news_allowed(work)
    await hear(work, clock, choice("given", 1))
    assert await news_allowed(work)
    assert not await news_allowed(work, OTHERS)
    assert not await news_allowed(work, channel="post")


@pytest.mark.requirement("W-45")
async def test_an_objection_is_obeyed_and_its_absence_allows(work: Workplace, clock: SetClock) -> None:
    purpose = "co_presentation_administration"
    organiser = Actor(Role.ORGANISER, uuid4(), THEIRS)

    async def seen() -> bool:
        async with work(purpose, organiser) as tx:
            tx.saw_nobody()
            return await allowed(tx, ADA, purpose, THEIRS, "webhook")

    assert await seen()
    await hear(work, clock, choice("objected", 1, purpose, channel="*"))
    assert not await seen()
    await hear(work, clock, choice("lifted", 2, purpose, channel="*"))
    assert await seen()


@pytest.mark.requirement("G-34")
@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2])))
async def test_the_newest_version_wins_in_whatever_order_news_arrives(
    work: Workplace, clock: SetClock, order: tuple[int, ...]
) -> None:
    news = [choice("given", 1), choice("withdrawn", 2), choice("given", 3)]
    await hear(work, clock, *(news[index] for index in order))
    assert await news_allowed(work)
    await hear(work, clock, choice("withdrawn", 2), choice("refused", 3))
    assert await news_allowed(work)


@pytest.mark.requirement("W-43")
async def test_a_restriction_denies_all_but_what_survives_it(work: Workplace, clock: SetClock) -> None:
    await hear(work, clock, choice("given", 1), RestrictionSetV1(subject=ADA, restricted=True, version=1))
    visitor = Actor(Role.VISITOR, ADA)
    assert not await news_allowed(work)
    assert not await allowed(work.once("ticket_sale", visitor), ADA, "ticket_sale", None, "web")
    assert await allowed(work.once("rights", visitor), ADA, "rights", None, "web")
    assert await allowed(work.once("bookkeeping", SYSTEM), ADA, "bookkeeping", None, "web")
    await hear(work, clock, RestrictionSetV1(subject=ADA, restricted=False, version=2))
    assert await news_allowed(work)


async def test_a_choice_at_checkout_counts_at_once_and_never_beats_what_accounts_numbered(
    work: Workplace, clock: SetClock
) -> None:
    sale = work.once("ticket_sale", Actor(Role.VISITOR, ADA))
    assert await choose_at_checkout(sale, ADA, NEWS, THEIRS, "email", "given")
    assert await news_allowed(work)
    await hear(work, clock, choice("withdrawn", 1))
    assert not await choose_at_checkout(sale, ADA, NEWS, THEIRS, "email", "given")
    assert not await news_allowed(work)


@pytest.mark.requirement("W-11")
async def test_a_purpose_sees_its_own_choices_only_and_a_sale_writes_no_version(
    work: Workplace, clock: SetClock
) -> None:
    await hear(work, clock, choice("given", 1), choice("given", 1, "newsletter", organisation=None))
    rows = await work.once(NEWS, SYSTEM).fetch("SELECT purpose FROM gate")
    assert [row["purpose"] for row in rows] == [NEWS]
    sale = work.once("ticket_sale", Actor(Role.VISITOR, ADA))
    assert await sale.fetch("SELECT purpose FROM gate") == []
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await sale.execute("INSERT INTO gate VALUES ($1, $2, NULL, 'email', 'given', 7)", uuid4(), NEWS)


async def test_a_purpose_that_nobody_knows_is_an_error(work: Workplace) -> None:
    with pytest.raises(KeyError):
        await allowed(work.once(NEWS, SYSTEM), ADA, "world_domination", None, "email")
