"""Connections that were lent before, and purposes that nobody has: the chassis' side of PostgreSQL's wall."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any
from uuid import uuid4

import asyncpg

from chassis.charter import Charter
from chassis.clock import SystemClock
from chassis.faults import PurposeRefused
from chassis.pools import Database
from chassis.work import Workplace, pools_of
from contracts.actors import Actor, Role
from deploy.local.instance import ROOT
from deploy.topology.database import database_of
from tests.attacks.attack import Attack, Held
from tests.attacks.ground import Ground
from tests.attacks.http_wall import swapped
from tests.attacks.sql_wall import Down, down, policy, told

LIST = "co_presentation_door_list"
BEGAN = "BEGIN; SET app.organisation = '{}'"
ASKED = "SELECT name FROM attendee_door"


@asynccontextmanager
async def workplace(ground: Ground, service: str) -> AsyncIterator[Workplace]:
    """The chassis' own workplace on the house's database, with the charter of the ground."""
    charter = ground.facts.get("charter", Charter.read(ROOT / "services" / service / "charter.toml"))
    port = ground.instance.ports["postgres"]
    database = Database("127.0.0.1", port, database_of(service), lambda role: ground.password(service, role))
    work = Workplace(pools_of(database, charter), charter, SystemClock())
    try:
        yield work
    finally:
        await work.close()


async def _left_over(ground: Ground, spoil: Callable[[Any], Awaitable[None]]) -> str:
    """One organiser's transaction breaks off; whoever gets its connection next names no organisation."""
    organiser = Actor(Role.ORGANISER, uuid4(), ground.someone.partner)
    async with workplace(ground, "sharing") as work:
        with suppress(asyncpg.PostgresError, asyncio.CancelledError, TimeoutError):
            async with work(LIST, organiser) as tx:
                await spoil(tx)
        async with work._pools.of(f"sharing__{LIST}").lend() as connection:
            try:
                rows = await connection.fetch(ASKED)
            except (asyncpg.InvalidTextRepresentationError, asyncpg.UndefinedObjectError) as refused:
                raise Held(str(refused)) from None
            finally:
                await connection.execute("ROLLBACK")
    return told("name")(ground, rows)


async def _mistake(tx: Any) -> None:
    await tx.fetch("SELECT 1 / 0")


async def _hang_up(tx: Any) -> None:
    async with asyncio.timeout(0.2):
        await tx.fetch("SELECT pg_sleep(5)")


def _after(spoil: Callable[[Any], Awaitable[None]]) -> Callable[[Ground], Awaitable[str]]:
    return lambda ground: _left_over(ground, spoil)


def _begin_for_session(actor: Actor) -> str:
    return BEGAN.format(actor.organisation) + "; COMMIT; BEGIN"


def _with_swap(name: str, instead: Any) -> Any:
    @asynccontextmanager
    async def off(ground: Ground) -> AsyncIterator[Ground]:
        with swapped([("chassis.work", name, instead)]):
            yield ground

    return off


async def _as(ground: Ground, service: str, purpose: str, actor: Actor, sql: str) -> Sequence[Any]:
    async with workplace(ground, service) as work:
        try:
            async with work(purpose, actor) as tx:
                # A careless handler lies about whom it saw; the access log is another wall.
                tx.saw_nobody()
                return await tx.fetch(sql)
        except PurposeRefused as refused:
            raise Held(f"purpose-refused: {refused.role} for {refused.purpose}") from None


async def _unknown_purpose(ground: Ground) -> str:
    actor = Actor(Role.MARKETING, uuid4())
    rows = await _as(ground, "orders", "direct_marketing", actor, "SELECT email FROM order_person")
    return told("email")(ground, rows)


async def _wrong_actor(ground: Ground) -> str:
    rows = await _as(
        ground, "orders", "bookkeeping", Actor(Role.VISITOR, uuid4()), "SELECT count(*) AS n FROM book_entry"
    )
    return f"{rows[0]['n']} entries of the books, as a visitor"


async def _of_nobody(ground: Ground) -> str:
    rows = await _as(ground, "sharing", LIST, Actor(Role.ORGANISER, uuid4()), ASKED)
    return told("name")(ground, rows)


def _charter(service: str, purpose: str, like: str, **changes: Any) -> Charter:
    """A charter in which a purpose is wider, or there at all."""
    real = Charter.read(ROOT / "services" / service / "charter.toml")
    wider = real.purpose[like].model_copy(update=changes)
    return real.model_copy(update={"purpose": {**real.purpose, purpose: wider}})


def _other_charter(service: str, charter: Callable[[], Charter], *parts: Down) -> Any:
    @asynccontextmanager
    async def off(ground: Ground) -> AsyncIterator[Ground]:
        async with down(ground, service, parts):
            yield replace(ground, facts={**ground.facts, "charter": charter()})

    return off


@asynccontextmanager
async def _marketing_allowed(ground: Ground) -> AsyncIterator[Ground]:
    """A charter with the purpose, and the login that topology would make of it."""
    role, word = "orders__direct_marketing", "for-this-attack-only"
    make = Down(f"CREATE ROLE {role} LOGIN PASSWORD '{word}'", f"DROP ROLE {role}")
    parts = (
        make,
        Down(
            f"GRANT CONNECT ON DATABASE avondkassa_orders TO {role}",
            f"REVOKE CONNECT ON DATABASE avondkassa_orders FROM {role}",
        ),
        Down(f"GRANT USAGE ON SCHEMA public TO {role}", f"REVOKE USAGE ON SCHEMA public FROM {role}"),
        Down(
            f"GRANT SELECT (email) ON order_person TO {role}",
            f"REVOKE SELECT (email) ON order_person FROM {role}",
        ),
        policy("order_person", role, "SELECT"),
    )
    file = ground.passwords / "orders" / "database" / role
    file.write_text(word)
    try:
        async with down(ground, "orders", parts):
            charter = _charter("orders", "direct_marketing", "bookkeeping", actors=(Role.MARKETING,))
            yield replace(ground, facts={**ground.facts, "charter": charter})
    finally:
        file.unlink()


def attacks() -> Sequence[Attack[Ground]]:
    """All of them."""
    return (*_connections(), *_purposes())


def _connections() -> Sequence[Attack[Ground]]:
    return (
        Attack(
            "postgres",
            "a connection after an error",
            "the organisation of whoever had the connection before",
            "settings end with their transaction, also after an error",
            _after(_mistake),
            _with_swap("begin_for", _begin_for_session),
        ),
        Attack(
            "postgres",
            "a connection after a cancel",
            "the organisation of whoever hung up",
            "settings end with their transaction, also after a cancel",
            _after(_hang_up),
            _with_swap("begin_for", _begin_for_session),
        ),
    )


def _purposes() -> Sequence[Attack[Ground]]:
    return (
        Attack(
            "postgres",
            "a purpose that no charter has",
            "buyers' addresses for marketing",
            "there is no connection for a purpose that the charter does not have",
            _unknown_purpose,
            _marketing_allowed,
        ),
        Attack(
            "postgres",
            "an actor who may not act for a purpose",
            "the books, as a visitor",
            "the charter says who may act for each purpose",
            _wrong_actor,
            _other_charter(
                "orders", lambda: _charter("orders", "bookkeeping", "bookkeeping", actors=(Role.VISITOR,))
            ),
        ),
        Attack(
            "postgres",
            "an organiser of no organisation",
            "everybody's door list, as an organiser of nobody",
            "an organiser's purpose begins with an organisation",
            _of_nobody,
            _other_charter(
                "sharing",
                lambda: _charter("sharing", LIST, LIST, organisation=False),
                policy("attendee_door", f"sharing__{LIST}", "SELECT"),
            ),
        ),
    )
