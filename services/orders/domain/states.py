"""Which state may follow which. What is not listed is refused, and a repetition changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

from chassis.decision import Accepted, Refused

Moves = Mapping[str, frozenset[str]]

EVENT: Moves = {
    "draft": frozenset(("published",)),
    "published": frozenset(("on_sale",)),
    "on_sale": frozenset(("closed",)),
    "closed": frozenset(("on_sale",)),
}
HOLD: Moves = {
    "held": frozenset(("ordered", "sold", "expired", "released")),
    "ordered": frozenset(("sold", "expired")),
}
ORDER: Moves = {
    "placed": frozenset(("paid", "expired")),
    "paid": frozenset(("part_refunded", "refunded", "charged_back")),
    "part_refunded": frozenset(("refunded",)),
    "charged_back": frozenset(("paid",)),
}
PAYMENT: Moves = {
    "open": frozenset(("paid", "failed", "canceled", "expired")),
    "paid": frozenset(("refunded", "charged_back")),
    "charged_back": frozenset(("paid",)),
}
TICKET: Moves = {
    "issued": frozenset(("admitted", "voided")),
    "admitted": frozenset(("left",)),
    "left": frozenset(("admitted",)),
}


def move(moves: Moves, now: str, wanted: str) -> Accepted[bool] | Refused:
    """Accepted(True) moves on, Accepted(False) is a repetition, and `no-such-move` is not in the list."""
    if wanted == now:
        return Accepted(False)
    if wanted in moves.get(now, frozenset()):
        return Accepted(True)
    return Refused("no-such-move", {"from": now, "to": wanted})
