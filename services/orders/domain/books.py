"""Whether the books add up."""

from __future__ import annotations

from collections.abc import Mapping


def balanced(tickets_cents: int, sums: Mapping[str, int], charged_back_cents: int = 0) -> bool:
    """Tickets are worth what was sold, and what came in less what goes back is what was sold (W-07).

    `sums` are signed cents by kind: sale, payment, refund (negative), chargeback (negative), reversal. What
    banks took back stands beside that: a sale stays a sale, and the buyer owes it.
    """
    sold = sums.get("sale", 0)
    taken = sums.get("chargeback", 0) + sums.get("reversal", 0)
    return tickets_cents == sold == sums.get("payment", 0) + sums.get("refund", 0) and (
        taken == -charged_back_cents
    )
