"""Answers of the services to a sweep: their own terms, and each person whom they anonymised."""

from uuid import UUID

from chassis.heard import Heard
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.answers import AnonymisationCarriedOut, SweepCarriedOut
from services.retention.domain.erasure import missing
from services.retention.store import sweeps


class TakeAnonymisation:
    """<service>.anonymisation.carried_out."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[AnonymisationCarriedOut]) -> None:
        """Count a service's answer about one person once; the last service's completes the person."""
        said = heard.event
        service = heard.topic.split(".")[0]
        async with self._work("storage_limitation", SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            answered = await sweeps.subject_answered(tx, said.sweep, said.subject, service)
            if answered is None:
                return
            await sweeps.add_counts(tx, said.sweep, service, said.counts)
            if not missing(answered):
                await sweeps.subject_done(tx, said.sweep, said.subject)
                await finish_if_all_is_in(tx, said.sweep)


class TakeSweepReceipt:
    """<service>.sweep.carried_out."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[SweepCarriedOut]) -> None:
        """Keep what a service's own terms touched, once."""
        said = heard.event
        service = heard.topic.split(".")[0]
        async with self._work("storage_limitation", SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            if await sweeps.read(tx, said.sweep) is None:
                return
            if await sweeps.add_receipt(tx, sweeps.SweepReceipt(said.sweep, service, tx.now)):
                await sweeps.add_counts(tx, said.sweep, service, said.counts)
            await finish_if_all_is_in(tx, said.sweep)


async def finish_if_all_is_in(tx: Work, sweep: UUID) -> None:
    """End a sweep for which every service and every person is accounted for."""
    row = await sweeps.lock(tx, sweep)
    if row is None or row.done_at is not None or row.anonymised < row.without_activity:
        return
    if not missing(receipt.service for receipt in await sweeps.receipts(tx, [sweep])):
        await sweeps.finish(tx, sweep, tx.now)
