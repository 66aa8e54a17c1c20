"""An invoice on paper, from what is given: nothing of it is read or kept here (F-61)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.routes import Answer, Call
from contracts.orders.invoices import Invoice
from services.notify.paper import Press
from services.notify.workroom import Workroom

PURPOSE = "invoicing"


class PrintInvoice:
    """POST /papers/invoice."""

    def __init__(self, house: Mapping[str, Any], workroom: Workroom, press: Press) -> None:
        self._house = house
        self._workroom = workroom
        self._press = press

    async def __call__(self, call: Call) -> Answer:
        """The PDF in the reader's language."""
        made: Invoice = call.body
        pdf = await self._workroom.make(lambda: self._press.invoice(self._house, call.language, made))
        headers = {"Cache-Control": "no-store"}
        return Answer(pdf, content_type="application/pdf", headers=headers)
