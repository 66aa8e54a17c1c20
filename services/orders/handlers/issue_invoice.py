"""An invoice for an organisation: issued once for an order that is paid, and shown to its buyer (F-61)."""

from __future__ import annotations

from uuid import UUID
from zoneinfo import ZoneInfo

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.orders.invoices import Invoice, InvoiceParty
from contracts.texts import Text
from services.orders.domain.invoicing import (
    ReadVatNumber,
    decide_invoice,
    decide_party,
    lines_of,
    rates_of,
    written_number,
)
from services.orders.seeing import may_see
from services.orders.store import invoices, orders
from services.orders.store.invoices import Invoiced, Issued

PURPOSE = "invoicing"


class Invoices:
    """POST and GET /orders/{order}/invoice."""

    def __init__(self, work: Workplace, read_vat_number: ReadVatNumber, currency: str) -> None:
        self._work = work
        self._read_vat_number = read_vat_number
        self._currency = currency

    async def issue(self, call: Call) -> Invoice | Refused:
        """The invoice, which asked again is the same one; not-found, refusals of domain/invoicing.py.

        Its number is counted in this transaction, so one that fails leaves no gap.
        """
        typed: InvoiceParty = call.body
        party = decide_party(typed, self._read_vat_number)
        if isinstance(party, Refused):
            return party
        async with self._work(PURPOSE, call.actor) as tx:
            of = await self._own(tx, call)
            if of is None:
                return Refused("not-found")
            issued = await self._once(tx, of, party.value)
        return issued if isinstance(issued, Refused) else self._told(of, issued)

    async def show(self, call: Call) -> Invoice | Refused:
        """The invoice that was issued; no-invoice, not-found."""
        async with self._work(PURPOSE, call.actor) as tx:
            of = await self._own(tx, call)
            issued = await invoices.find(tx, of.event, of.order) if of else None
        if of is None:
            return Refused("not-found")
        return self._told(of, issued) if issued else Refused("no-invoice")

    async def _own(self, tx: Work, call: Call) -> Invoiced | None:
        order = UUID(call.path["order"])
        await orders.owner_who_stays(tx, order)
        of = await invoices.order_of(tx, order)
        return of if of is not None and await may_see(tx, call.actor, of.owner) else None

    async def _once(self, tx: Work, of: Invoiced, party: InvoiceParty) -> Issued | Refused:
        today = tx.now.astimezone(ZoneInfo(of.time_zone)).date()
        last = await invoices.lock_series(tx, today.year)
        known = await invoices.find(tx, of.event, of.order)
        decided = decide_invoice(of.state, of.total_cents, party, known.party if known else None)
        if isinstance(decided, Refused):
            return decided
        if known is not None:
            return known
        lines = lines_of(await invoices.sold(tx, of.event, of.order))
        issued = Issued(
            seller_name=of.seller_name,
            year=today.year,
            number=last + 1,
            issued_on=today,
            event_title=Text.model_validate_json(of.title),
            starts_at=of.starts_at,
            lines=lines,
            total_cents=sum(one.cents for one in lines),
            vat_cents=sum(one.vat_cents for one in lines),
            party=party,
        )
        assert (issued.total_cents, issued.vat_cents) == (of.total_cents, of.vat_cents), "to the cent"
        await invoices.add(tx, of, issued)
        return issued

    def _told(self, of: Invoiced, issued: Issued) -> Invoice:
        return Invoice(
            number=written_number(issued.year, issued.number),
            issued_on=issued.issued_on,
            order=of.order,
            order_number=of.number,
            seller=issued.seller_name,
            event_title=issued.event_title,
            starts_at=issued.starts_at,
            party=issued.party,
            lines=issued.lines,
            rates=rates_of(issued.lines),
            total_cents=issued.total_cents,
            vat_cents=issued.vat_cents,
            currency=self._currency,
            paid=of.state == "paid",
        )
