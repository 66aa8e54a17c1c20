"""Stories: letters that come late, twice or by a carbon copy, and requests of somebody who is no more."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import aio_pika
from aio_pika.abc import HeadersType

from chassis.clock import SystemClock
from chassis.work import Work
from contracts.accounts.events import ChoiceSetV1, ContactSetV1
from contracts.envelope import Event, wrap
from contracts.orders.events import BuyerNamedV1, ChoiceMadeV1
from tests.attacks.attack import Attack, Held
from tests.attacks.broker_wall import channel
from tests.attacks.ground import Ground
from tests.attacks.http_wall import Careless, Swap, ask, listening, visitor

PATIENCE = 20.0
SETTLED = 0.3
"""Seconds: how long a letter may take, and how long its neighbours, which are handled side by side."""
ACCOUNTS, NOTIFY = "attack accounts", "attack notify"
VHOSTS = {ACCOUNTS: "accounts", NOTIFY: "notify"}
"""Virtual hosts in which one service hears letters in this process, carelessly."""
ALWAYS_NEW = """
INSERT INTO inbox (id, topic, seen_at, subject) SELECT $1, $2, $3, $4 WHERE $5::uuid IS NULL OR true
ON CONFLICT DO NOTHING
"""
NEVER_SEEN = """
INSERT INTO inbox (id, topic, seen_at, subject) SELECT gen_random_uuid(), $2, $3, $4
WHERE $1::uuid IS NOT NULL AND ($5::uuid IS NULL OR true)
"""
NEWEST_WINS = """
INSERT INTO gate AS known (subject, purpose, organisation, channel, state, version)
VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT ON CONSTRAINT gate_one_row DO UPDATE SET state = excluded.state, version = excluded.version
"""
SOONER = """
UPDATE person
SET name = $2, email = $3, email_key = $4, phone = $5, locale = $6, version = $7, changed_at = $8
WHERE subject_id = $1
"""


@dataclass(frozen=True)
class Place:
    """Where a letter leaves its trace, and who may send it there."""

    service: str
    sender: str
    table: str
    subject: str = "subject_id"


PERSON = Place("accounts", "orders", "person")
CHOICE = Place("accounts", "orders", "choice")
CONTACT = Place("notify", "accounts", "contact")
GATE = Place("notify", "accounts", "gate", "subject")


async def send(
    ground: Ground,
    service: str,
    event: Event,
    headers: HeadersType | None = None,
    key: str | None = None,
    id: UUID | None = None,
) -> None:
    """One letter as a service of the house sends it; `key` where it goes out under another topic."""
    letter = wrap(
        event,
        id=id or uuid4(),
        service=service,
        time=SystemClock().now(),
        requestid="attack",
        traceparent=None,
    )
    body = letter.model_dump_json(exclude_none=True).encode()
    async with channel(ground, service) as own:
        events = await own.get_exchange("events", ensure=False)
        message = aio_pika.Message(body, headers=headers)
        await events.publish(message, routing_key=key or event.topic, mandatory=True, timeout=5)


async def exists(ground: Ground, service: str, sql: str, *arguments: Any) -> bool:
    """Whether there is such a row."""
    async with ground.superuser(service) as connection:
        return bool(await connection.fetchval(f"SELECT EXISTS ({sql})", *arguments))


async def taken_up(ground: Ground, place: Place, marker: Event) -> None:
    """Wait until a letter that was sent later is taken up: then the one before it was, or never will be."""
    subject = marker.subject_of()
    await send(ground, place.sender, marker)
    here = f"SELECT FROM {place.table} WHERE {place.subject} = $1"
    last = time.monotonic() + PATIENCE
    while not await exists(ground, place.service, here, subject):
        if time.monotonic() > last:
            raise RuntimeError(f"{place.service} takes no letters up")
        await asyncio.sleep(0.05)
    await cleared(ground, place.service, f"DELETE FROM {place.table} WHERE {place.subject} = $1", subject)
    await asyncio.sleep(SETTLED)


async def cleared(ground: Ground, service: str, sql: str, *arguments: Any) -> None:
    """Take away what an attack without its wall left behind."""
    async with ground.superuser(service) as connection:
        await connection.execute(sql, *arguments)


def _somebody(subject: UUID, version: int = 9) -> BuyerNamedV1:
    return BuyerNamedV1(
        subject=subject, version=version, name="Maud Weer", email="maud.weer@example.org", locale="nl"
    )


def _erased(ground: Ground) -> UUID:
    assert ground.erased is not None, "the scene was not set"
    return ground.erased


async def _late_at_accounts(ground: Ground) -> str:
    subject, mine = _erased(ground), "person WHERE subject_id = $1"
    await send(ground, "orders", _somebody(subject))
    await taken_up(ground, PERSON, _somebody(uuid4()))
    found = await exists(ground, "accounts", f"SELECT FROM {mine}", subject)
    await cleared(ground, "accounts", f"DELETE FROM {mine}", subject)
    if not found:
        raise Held("accounts dropped the letter: the person has a tombstone")
    return "an erased person back, with name and address"


def _contact(subject: UUID) -> ContactSetV1:
    return ContactSetV1(
        subject=subject, version=9, name="Maud Weer", email="maud.weer@example.org", locale="nl"
    )


async def _late_at_notify(ground: Ground) -> str:
    subject, mine = _erased(ground), "contact WHERE subject_id = $1"
    await send(ground, "accounts", _contact(subject))
    await taken_up(ground, CONTACT, _contact(uuid4()))
    found = await exists(ground, "notify", f"SELECT FROM {mine}", subject)
    await cleared(ground, "notify", f"DELETE FROM {mine}", subject)
    if not found:
        raise Held("notify dropped the letter: the person has a tombstone")
    return "an address to write to of someone who was forgotten"


def _choice(ground: Ground, subject: UUID, state: str, version: int) -> ChoiceSetV1:
    return ChoiceSetV1(
        subject=subject,
        purpose="co_presentation_news",
        organisation=ground.someone.partner,
        channel="email",
        state=state,
        version=version,
    )


async def _late_choice(ground: Ground) -> str:
    """A yes of yesterday arrives after the no of today."""
    subject = uuid4()
    for state, version in (("withdrawn", 5), ("given", 4)):
        await send(ground, "accounts", _choice(ground, subject, state, version))
        await taken_up(ground, GATE, _choice(ground, uuid4(), "given", 1))
    if await exists(ground, "notify", "SELECT FROM gate WHERE subject = $1 AND state = 'withdrawn'", subject):
        raise Held("the older choice did not replace the newer one")
    return "a consent that was withdrawn"


async def _late_name(ground: Ground) -> str:
    """News of an older version would take a correction back."""
    subject = uuid4()
    for name, version in (("Maud Nu", 3), ("Maud Vroeger", 2)):
        await send(ground, "orders", replaced(_somebody(subject, version=version), name=name))
        await taken_up(ground, PERSON, _somebody(uuid4()))
    mine = "person WHERE subject_id = $1"
    stands = await exists(ground, "accounts", f"SELECT FROM {mine} AND name = 'Maud Nu'", subject)
    await cleared(ground, "accounts", f"DELETE FROM {mine}", subject)
    if stands:
        raise Held("the older name did not replace the newer one")
    return "a name that was corrected, back again"


def replaced(event: BuyerNamedV1, **changes: Any) -> BuyerNamedV1:
    """The same letter with other words."""
    return event.model_copy(update=changes)


async def _copied(ground: Ground, header: str) -> str:
    """Under its own topic, and by a carbon copy under that of orders: sharing names a person anew."""
    subject = uuid4()
    letter = _somebody(subject)
    await send(ground, "sharing", letter, {header: [letter.topic]}, key="sharing.recall.overdue.v1")
    await taken_up(ground, PERSON, _somebody(uuid4()))
    found = await exists(ground, "accounts", "SELECT FROM person WHERE subject_id = $1", subject)
    await cleared(ground, "accounts", "DELETE FROM person WHERE subject_id = $1", subject)
    if not found:
        raise Held("accounts did not open a letter that came under another service's topic")
    return "a person at accounts, named by a service that may name nobody"


def _made(ground: Ground, subject: UUID) -> ChoiceMadeV1:
    return ChoiceMadeV1(
        subject=subject,
        purpose="co_presentation_news",
        organisation=ground.someone.partner,
        channel="email",
        state="given",
        wording="attack.v1",
        language="nl",
        made_at=SystemClock().now(),
    )


async def _twice(ground: Ground) -> str:
    """The same letter twice: a second proof of the same choice."""
    subject, id = uuid4(), uuid4()
    for _ in range(2):
        await send(ground, "orders", _made(ground, subject), id=id)
    await taken_up(ground, CHOICE, _made(ground, uuid4()))
    proofs = "SELECT FROM choice WHERE subject_id = $1 HAVING count(*) > 1"
    found = await exists(ground, "accounts", proofs, subject)
    await cleared(ground, "accounts", "DELETE FROM choice WHERE subject_id = $1", subject)
    if not found:
        raise Held("the second of two same letters changed nothing")
    return "one choice counted twice"


async def _token_of_the_erased(ground: Ground) -> str:
    """A token outlives an erasure by minutes."""
    subject = _erased(ground)
    body = {"purpose": "co_presentation_news", "organisation": str(ground.someone.partner), "state": "given"}
    url = ground.doors["accounts"] + "/people/me/choices"
    try:
        (await ask("POST", url, visitor(ground, "accounts", subject), body)).granted()
    finally:
        for service, table, column in (("accounts", "choice", "subject_id"), ("accounts", "gate", "subject")):
            await cleared(ground, service, f"DELETE FROM {table} WHERE {column} = $1", subject)
    return "new rows about someone who was forgotten"


async def _restricted_again(ground: Ground) -> str:
    """A right invoked with a token that outlived the erasure would make a new case file about nobody."""
    subject = _erased(ground)
    url = ground.doors["retention"] + "/cases"
    try:
        (await ask("POST", url, visitor(ground, "retention", subject), {"kind": "restriction"})).granted()
    finally:
        for table in ("restriction", "case_file"):
            condition = "subject_id = $1" + (" AND kind = 'restriction'" if table == "case_file" else "")
            await cleared(ground, "retention", f"DELETE FROM {table} WHERE {condition}", subject)
    return "a case file about someone who was forgotten"


async def _yes(_: Work, __: UUID) -> bool:
    return True


def hearing(vhost: str, *swaps: Swap) -> Any:
    """The same house, where one service hears letters carelessly, in a virtual host of its own."""

    @asynccontextmanager
    async def off(ground: Ground) -> AsyncIterator[Ground]:
        async with listening(ground, VHOSTS[vhost], vhost, swaps):
            yield replace(ground, vhost=vhost)

    return off


def story(
    name: str, wants: str, rule: str, attempt: Callable[[Ground], Awaitable[str]], off: Any
) -> Attack[Ground]:
    """An attack that takes more than one step."""
    return Attack("story", name, wants, rule, attempt, off.off() if isinstance(off, Careless) else off)


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_after_an_erasure(), *_letters())


def _after_an_erasure() -> Sequence[Attack[Ground]]:
    new = ("chassis.work", "TAKE_UP", ALWAYS_NEW)
    remembers = ("chassis.work:Work", "remembers", _yes)
    return (
        story(
            "late news of an erased person at accounts",
            "somebody whom the house forgot, back with name and address",
            "late events raise nobody (Art. 17)",
            _late_at_accounts,
            hearing(ACCOUNTS, new),
        ),
        story(
            "late contact of an erased person at notify",
            "an address to write to that was erased",
            "every service has tombstones of its own",
            _late_at_notify,
            hearing(NOTIFY, new),
        ),
        story(
            "a token of someone who was erased",
            "to leave new traces with a token that is still good",
            "a request does not write about someone who was forgotten",
            _token_of_the_erased,
            Careless("accounts", (remembers,)),
        ),
        story(
            "a case of someone who was erased",
            "a file about someone about whom there is none",
            "retention opens no restriction of someone who was forgotten (Art. 18)",
            _restricted_again,
            Careless("retention", (remembers,)),
        ),
    )


def _letters() -> Sequence[Attack[Ground]]:
    came_by = ("chassis.bus", "came_by", lambda message: _EveryTopic())
    return (
        story(
            "an older choice after a newer one",
            "a consent that was withdrawn to count again",
            "the owner numbers choices, and lower numbers change nothing (Art. 7(3))",
            _late_choice,
            hearing(NOTIFY, ("chassis.gate", "REMEMBER", NEWEST_WINS)),
        ),
        story(
            "an older name after a newer one",
            "a correction to be undone",
            "a lower version of a person changes nothing (Art. 16)",
            _late_name,
            hearing(ACCOUNTS, ("services.accounts.store.people", "UPDATE", SOONER)),
        ),
        story(
            "the same letter twice",
            "one choice to count as two",
            "a letter is taken up once",
            _twice,
            hearing(ACCOUNTS, ("chassis.work", "TAKE_UP", NEVER_SEEN)),
        ),
        story(
            "a carbon copy to another topic",
            "to name a person at accounts, as the service sharing",
            "a letter counts under the topic that its sender may publish (CC)",
            lambda ground: _copied(ground, "CC"),
            hearing(ACCOUNTS, came_by),
        ),
        story(
            "a blind carbon copy to another topic",
            "the same, without leaving a trace in the letter",
            "a letter counts under the topic that its sender may publish (BCC)",
            lambda ground: _copied(ground, "BCC"),
            hearing(ACCOUNTS, came_by),
        ),
    )


class _EveryTopic(str):
    """A routing key that is equal to whatever it is compared with."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0
