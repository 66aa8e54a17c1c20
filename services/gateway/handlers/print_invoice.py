"""The paper of an invoice: orders knows what stands on it, notify prints it and keeps nothing."""

from uuid import UUID

from contracts.orders.invoices import Invoice
from services.gateway.domain.session import Session
from services.gateway.handlers.act_for_order import act_for_order
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Document, Question
from services.gateway.neighbours.declined import Declined


async def print_invoice(desk: Desk, session: Session, order: UUID, language: str) -> Document | Declined:
    """The PDF of an order's invoice; what orders declines, such as no-invoice."""
    acting = await act_for_order(desk, session, order)
    asked = Question("orders", "GET", f"/orders/{order}/invoice", acting, language=language)
    made = await desk.neighbours.ask(asked, Invoice)
    if isinstance(made, Declined):
        return made
    paper = Question("notify", "POST", "/papers/invoice", acting, made, language=language)
    return await desk.neighbours.fetch(paper)
