"""Sweeps as they are shown: how many people, and what each service did."""

from collections.abc import Sequence
from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Sql, Workplace
from contracts.retention.api import Receipt, Sweep, Sweeps
from services.retention.store import sweeps

MOST = 100


class ShowSweep:
    """GET /sweeps/{sweep}."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Sweep | Refused:
        """The sweep; or sweep-unknown."""
        async with self._work("storage_limitation", call.actor) as tx:
            tx.saw_nobody()
            row = await sweeps.read(tx, UUID(call.path["sweep"]))
            return (await shown(tx, [row]))[0] if row else Refused("sweep-unknown")


class ListSweeps:
    """GET /sweeps."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Sweeps:
        """At most 100 sweeps, newest first."""
        async with self._work("storage_limitation", call.actor) as tx:
            tx.saw_nobody()
            return Sweeps(sweeps=tuple(await shown(tx, await sweeps.listed(tx, MOST))))


async def shown(sql: Sql, rows: Sequence[sweeps.SweepRow]) -> list[Sweep]:
    """Sweeps with the answers of the services, in the order given."""
    ids = [row.id for row in rows]
    receipts = await sweeps.receipts(sql, ids)
    counts = await sweeps.counts(sql, ids)
    return [
        Sweep(
            id=row.id,
            as_of=row.as_of,
            ordered_at=row.ordered_at,
            dry_run=row.dry_run,
            without_activity=row.without_activity,
            with_activity=row.with_activity,
            anonymised=row.anonymised,
            receipts=tuple(
                Receipt(
                    service=receipt.service,
                    received_at=receipt.received_at,
                    counts=counts.get((row.id, receipt.service), {}),
                    kept_for_the_books={},
                )
                for receipt in receipts
                if receipt.sweep == row.id
            ),
            done=row.done_at is not None,
        )
        for row in rows
    ]
