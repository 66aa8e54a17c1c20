"""Answers of the services to a sweep: their own terms, and each person whom they anonymised."""

from collections import Counter
from collections.abc import Iterable, Sequence
from uuid import UUID

from chassis.heard import Heard
from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from contracts.answers import AnonymisationCarriedOut, SweepCarriedOut
from services.retention.domain.erasure import missing
from services.retention.store import sweeps


async def take_anonymisations(tx: Work, letters: Sequence[Heard[AnonymisationCarriedOut]]) -> None:
    """<service>.anonymisation.carried_out: count a service's answer about each person once.

    The last service completes the person. Thousands of answers to a sweep add to the same sums.
    """
    service = letters[0].topic.split(".")[0]
    for sweep in sorted({heard.event.sweep for heard in letters}):
        said = {heard.event.subject: heard.event for heard in letters if heard.event.sweep == sweep}
        answered = await sweeps.subjects_answered(tx, sweep, said, service)
        if not answered:
            continue
        await sweeps.add_counts(tx, sweep, service, _sum(said[subject] for subject in answered))
        done = [subject for subject, services in answered.items() if not missing(services)]
        if done:
            await sweeps.subjects_done(tx, sweep, done)
            await finish_if_all_is_in(tx, sweep)


def _sum(answers: Iterable[AnonymisationCarriedOut]) -> dict[str, int]:
    """Rows by table; tables in which nothing was found stay named."""
    rows: Counter[str] = Counter()
    for one in answers:
        rows.update(one.counts)
    return dict(rows)


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
