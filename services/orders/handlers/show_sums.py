"""Counts and amounts: for organisers, for the books. Nobody is in them."""

from __future__ import annotations

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.orders.api import EventFigures, FigureList
from contracts.orders.money import Books
from services.orders.domain.books import balanced
from services.orders.store import books, season


class ShowSums:
    """GET /books, GET /organiser/events, GET /events/{event}/figures."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def books(self, call: Call) -> Books:
        """The sums of the books, and whether they add up (W-07)."""
        async with self._work("bookkeeping", call.actor) as tx:
            tx.saw_nobody()
            lines, sums = await books.lines(tx), await books.sums(tx)
        return Books(
            lines=lines,
            paid_orders=sums.paid_orders,
            tickets=sums.tickets,
            tickets_cents=sums.tickets_cents,
            owed_cents=sums.owed_cents,
            held_up=sums.held_up,
            charged_back_orders=sums.charged_back_orders,
            charged_back_cents=sums.charged_back_cents,
            balanced=balanced(
                sums.tickets_cents, {line.kind: line.cents for line in lines}, sums.charged_back_cents
            ),
        )

    async def figures(self, call: Call) -> EventFigures | Refused:
        """One event of the actor's organisation; not-found for others' (G-33)."""
        event = UUID(call.path["event"])
        async with self._work("co_presentation_administration", call.actor) as tx:
            found = await self._read(tx, event)
        return found[0] if found else Refused("not-found")

    async def all_figures(self, call: Call) -> FigureList:
        """All events of the actor's organisation."""
        async with self._work("co_presentation_administration", call.actor) as tx:
            return FigureList(events=tuple(await self._read(tx, None)))

    async def _read(self, tx: Work, event: UUID | None) -> list[EventFigures]:
        rows = await books.figures(tx, event)
        events = await season.summaries(tx, [row.event for row in rows], tx.now)
        return [
            EventFigures(
                event=events[row.event],
                tickets_sold=row.sold,
                sold_cents=row.sold_cents,
                admitted=row.admitted,
            )
            for row in rows
        ]
