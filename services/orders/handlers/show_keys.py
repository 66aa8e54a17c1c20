"""The public keys of tickets, for scanners that check without asking (F-40)."""

from __future__ import annotations

from chassis.routes import Call
from contracts.orders.tickets import TicketKeys


class ShowKeys:
    """GET /door/keys."""

    def __init__(self, keys: TicketKeys) -> None:
        self._keys = keys

    async def __call__(self, _: Call) -> TicketKeys:
        """Every key whose tickets count; nobody's data is in it."""
        return self._keys
