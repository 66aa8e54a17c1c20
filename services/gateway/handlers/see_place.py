"""Where a visit stands in the line for an event (F-73)."""

from contracts.orders.api import EventSummary
from services.gateway.domain.waiting_ticket import Standing, Ticket, standing
from services.gateway.handlers.desk import Desk


async def see_place(desk: Desk, event: EventSummary, session_hash: bytes) -> Standing | None:
    """How this session stands, or None where it has no ticket."""
    ticket = await desk.waiting.ticket(event.id, session_hash)
    return None if ticket is None else standing_of(desk, event, ticket)


def standing_of(desk: Desk, event: EventSummary, ticket: Ticket) -> Standing:
    """The same for a ticket at hand."""
    rooms = desk.waiting
    room, now = rooms.busy(event.id), desk.clock.now()
    return standing(ticket, room, event.on_sale_from, now, rooms.limits.extensions)
