"""Forgetting, carried out as the charter says: erasure, anonymisation, sweeps, receipts (Art. 17, G-41).

retention orders and repeats; each service answers with counts. An order that comes again gets the first
receipt.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any
from uuid import UUID

from chassis.charter import RIGHTS, STORAGE_LIMITATION, Charter
from chassis.claims import guests_of, keep
from chassis.clock import Clock
from chassis.copying import copy_subscription
from chassis.heard import Heard, Subscription
from chassis.sealing import Seal
from chassis.terms import FORGETTING, Step, anonymisation_steps, erasure_steps, sweep_steps
from chassis.work import Work, Workplace
from contracts.accounts.events import SubjectMergedV1
from contracts.actors import SYSTEM
from contracts.answers import AnonymisationCarriedOut, CopyReady, ErasureCarriedOut, SweepCarriedOut
from contracts.envelope import Event
from contracts.retention.events import AnonymisationOrderedV1, ErasureOrderedV1, SweepOrderedV1

LOCK_SUBJECT = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"
FIRST_RECEIPT = "SELECT receipt FROM tombstone WHERE subject = $1"
CASE_OF = "SELECT case_id FROM tombstone WHERE subject = $1"
BURY = "INSERT INTO tombstone (subject, case_id, erased_at, receipt) VALUES ($1, $2, $3, $4)"
LETTERS = frozenset(("outbox", "inbox", "parked"))
NOT_FORGETTING = " AND split_part(topic, '.', 2) <> ALL ($2::text[])"
"""Letters of forgetting itself stay: they carry an id and must still arrive."""

BeforeErasure = Callable[[Work, UUID, UUID], Awaitable[Mapping[str, Any]]]
"""Called with the transaction, the subject and the case, while the data is still there."""
OnClaim = Callable[[Work, UUID, UUID], Awaitable[None]]
"""Called with the transaction, a guest and the account that keeps it from now on."""


@dataclass(frozen=True, slots=True)
class Receipts:
    """The events by which one service answers; they belong to its own name."""

    erasure: type[ErasureCarriedOut]
    anonymisation: type[AnonymisationCarriedOut]
    copy: type[CopyReady]
    sweep: type[SweepCarriedOut]

    @classmethod
    def of(cls, service: str) -> Receipts:
        """The receipts in contracts/<service>/receipts.py."""
        module = import_module(f"contracts.{service}.receipts")
        return cls(
            module.ErasureCarriedOutV1,
            module.AnonymisationCarriedOutV1,
            module.CopyReadyV1,
            module.SweepCarriedOutV1,
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an erasure or anonymisation did: rows per table, and whoever else must be told."""

    counts: dict[str, int]
    kept_for_the_books: dict[str, int]
    recipients: tuple[UUID, ...] = ()


@dataclass
class _Tally:
    counts: dict[str, int] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    recipients: dict[UUID, None] = field(default_factory=dict)

    def count(self, counted: dict[str, int], table: str, rows: int) -> None:
        """Add to what was counted of a table before."""
        counted[table] = counted.get(table, 0) + rows


async def carry_out_erasure(
    work: Work,
    charter: Charter,
    subject: UUID,
    case: UUID,
    before_erasure: BeforeErasure | None = None,
) -> Outcome:
    """Erase a person in this transaction (purpose rights) and leave a tombstone; a repeat changes nothing.

    Guests that an account keeps go with it. `before_erasure` runs first for each of them, while the data is
    still there, and may name `recipients` for the receipt.
    """
    return await _forget(work, erasure_steps(charter), subject, case, before_erasure)


async def carry_out_anonymisation(work: Work, charter: Charter, subject: UUID, sweep: UUID) -> Outcome:
    """Anonymise a person without activity (purpose storage_limitation); a repeat changes nothing."""
    return await _forget(work, anonymisation_steps(charter), subject, sweep, None)


async def carry_out_sweep(
    work: Work, charter: Charter, as_of: datetime, *, dry: bool = False
) -> dict[str, int]:
    """Apply every term of the job `sweep` that has passed at `as_of`; rows per table. `dry` only counts."""
    tally: dict[str, int] = {}
    for step in sweep_steps(charter):
        touched = await _sweep(work, step, as_of, dry=dry)
        tally[step.table] = tally.get(step.table, 0) + touched
    return tally


def forgetting_subscriptions(
    work: Workplace,
    charter: Charter,
    receipts: Receipts,
    clock: Clock,
    seal: Seal,
    before_erasure: BeforeErasure | None = None,
    *,
    on_claim: OnClaim | None = None,
    erasure_event: type[Event] = ErasureOrderedV1,
    production: bool = False,
) -> list[Subscription]:
    """Everything that retention may order of a service: erasure, anonymisation, sweep and copy.

    With them, whose a guest is; `on_claim` is what else follows from that. `erasure_event` is
    ErasureOrderedV1, or ErasureTellingV1 for whoever must go last. In production a sweep as of the future
    only counts what it would do, and nobody is anonymised ahead of time.
    """
    orders = _Orders(work, charter, receipts, clock, before_erasure, on_claim, production)
    return [
        Subscription(erasure_event, RIGHTS, orders.erasure),
        Subscription(SubjectMergedV1, RIGHTS, orders.claim),
        Subscription(AnonymisationOrderedV1, STORAGE_LIMITATION, orders.anonymisation),
        Subscription(SweepOrderedV1, STORAGE_LIMITATION, orders.sweep),
        copy_subscription(work, charter, receipts.copy, seal),
    ]


@dataclass(frozen=True, slots=True)
class _Orders:
    work: Workplace
    charter: Charter
    receipts: Receipts
    clock: Clock
    before_erasure: BeforeErasure | None
    on_claim: OnClaim | None
    production: bool

    async def erasure(self, heard: Heard[Any]) -> None:
        event = heard.event
        async with self.work(RIGHTS, SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            await self._erased(tx, event.subject, event.case)

    async def claim(self, heard: Heard[Any]) -> None:
        """A guest is somebody's: erased at once where that somebody was erased before this came."""
        event: SubjectMergedV1 = heard.event
        async with self.work(RIGHTS, SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            if not await tx.remembers(event.into):
                case = await tx.fetchval(CASE_OF, event.into)
                await self._erased(tx, event.subject, case)
            elif await tx.remembers(event.subject):
                await keep(tx, event.subject, event.into, tx.now)
                if self.on_claim is not None:
                    await self.on_claim(tx, event.subject, event.into)

    async def _erased(self, tx: Work, subject: UUID, case: UUID) -> None:
        done = await carry_out_erasure(tx, self.charter, subject, case, self.before_erasure)
        await tx.announce(
            self.receipts.erasure(
                subject=subject,
                case=case,
                counts=done.counts,
                kept_for_the_books=done.kept_for_the_books,
                recipients=done.recipients,
            )
        )

    async def anonymisation(self, heard: Heard[Any]) -> None:
        event: AnonymisationOrderedV1 = heard.event
        async with self.work(STORAGE_LIMITATION, SYSTEM) as tx:
            if self._ahead_of_time(event.as_of) or not await tx.first_sight_of(heard):
                return
            done = await carry_out_anonymisation(tx, self.charter, event.subject, event.sweep)
            receipt = self.receipts.anonymisation(
                subject=event.subject, sweep=event.sweep, counts=done.counts
            )
            await tx.announce(receipt)

    async def sweep(self, heard: Heard[Any]) -> None:
        event: SweepOrderedV1 = heard.event
        async with self.work(STORAGE_LIMITATION, SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            dry = self._ahead_of_time(event.as_of)
            counts = await carry_out_sweep(tx, self.charter, event.as_of, dry=dry)
            await tx.announce(self.receipts.sweep(sweep=event.sweep, counts=counts))

    def _ahead_of_time(self, as_of: datetime) -> bool:
        return self.production and as_of > self.clock.now()


async def _forget(
    work: Work, steps: Iterable[Step], subject: UUID, case: UUID, before: BeforeErasure | None
) -> Outcome:
    await work.execute(LOCK_SUBJECT, str(subject))
    first = await work.fetchval(FIRST_RECEIPT, subject)
    if first is not None:
        return _read(first)
    tally, plan = _Tally(), tuple(steps)
    guests = await guests_of(work, subject)
    await _forget_one(work, plan, subject, case, before, tally)
    for guest in guests:
        await work.execute(LOCK_SUBJECT, str(guest))
        if await work.fetchval(FIRST_RECEIPT, guest) is None:
            await _forget_one(work, plan, guest, case, before, tally)
            await work.execute(BURY, guest, case, work.now, _written(Outcome({}, {})))
    outcome = Outcome(tally.counts, tally.kept, tuple(tally.recipients))
    await work.execute(BURY, subject, case, work.now, _written(outcome))
    return outcome


async def _forget_one(
    work: Work,
    steps: Iterable[Step],
    subject: UUID,
    case: UUID,
    before: BeforeErasure | None,
    tally: _Tally,
) -> None:
    said = await before(work, subject, case) if before else {}
    tally.recipients |= dict.fromkeys(said.get("recipients", ()))
    for step in steps:
        await _carry_out(work, step, subject, tally)


async def _carry_out(work: Work, step: Step, subject: UUID, tally: _Tally) -> None:
    person = f'"{step.subject}" = $1'
    if step.action == "delete":
        letters = step.table in LETTERS
        arguments = (subject, sorted(FORGETTING)) if letters else (subject,)
        sql = f'DELETE FROM "{step.table}" WHERE {person}{NOT_FORGETTING if letters else ""}'
        tally.count(tally.counts, step.table, await work.execute(sql, *arguments))
        return
    if step.columns:
        touched = await work.execute(_emptying(step, person), subject)
        tally.count(tally.counts, step.table, touched)
    if step.action == "keep":
        kept = await work.fetchval(f'SELECT count(*) FROM "{step.table}" WHERE {person}', subject)
        if kept:
            tally.count(tally.kept, step.table, kept)


async def _sweep(work: Work, step: Step, as_of: datetime, *, dry: bool) -> int:
    """One term of one table. The term is checked by the charter, so it may stand in the statement."""
    due = f"\"{step.since}\" <= $1::timestamptz - interval '{step.term}'"
    still = " OR ".join(f'"{column}" IS NOT NULL' for column in step.columns)
    condition = f"{due} AND ({still})" if still else due
    if dry:
        return int(await work.fetchval(f'SELECT count(*) FROM "{step.table}" WHERE {condition}', as_of))
    if step.action == "delete":
        return await work.execute(f'DELETE FROM "{step.table}" WHERE {condition}', as_of)
    return await work.execute(_emptying(step, condition), as_of)


def _emptying(step: Step, condition: str) -> str:
    assignments = ", ".join(f'"{column}" = NULL' for column in step.columns)
    return f'UPDATE "{step.table}" SET {assignments} WHERE {condition}'


def _written(outcome: Outcome) -> str:
    recipients = [str(recipient) for recipient in outcome.recipients]
    return json.dumps([outcome.counts, outcome.kept_for_the_books, recipients])


def _read(receipt: str) -> Outcome:
    counts, kept, recipients = json.loads(receipt)
    return Outcome(counts, kept, tuple(UUID(recipient) for recipient in recipients))
