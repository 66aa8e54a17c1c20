"""Why somebody of the staff looks: chosen anew for each look, from a closed list, and never kept (G-71)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.reading import as_uuid
from chassis.reason import Reason
from contracts.looks import REASONS, ReasonCode
from contracts.texts import Text
from services.gateway.neighbours.declined import Declined

Offered = Sequence[tuple[ReasonCode, Text]]
BETWEEN = "."
"""Between a reason and its case, in the value of one choice."""


def offered(*codes: ReasonCode) -> Offered:
    """Reasons as a form offers them."""
    return [(code, REASONS[code].text) for code in codes]


AT_COUNTER = offered(ReasonCode.CUSTOMER_ASKED, ReasonCode.ORDER_PROBLEM, ReasonCode.COMPLAINT)
FOR_PEOPLE = offered(
    ReasonCode.RIGHTS_REQUEST, ReasonCode.CUSTOMER_ASKED, ReasonCode.COMPLAINT, ReasonCode.ORDER_PROBLEM
)
AT_PRIVACY_DESK = offered(
    ReasonCode.RIGHTS_REQUEST, ReasonCode.COMPLAINT, ReasonCode.CUSTOMER_ASKED, ReasonCode.RIGHTS_CASE
)


def reason_of(chosen: str, among: Offered) -> Reason | Declined:
    """The choice as it was sent: `code`, or `code.case` where the reason needs a case."""
    code, _, case = chosen.partition(BETWEEN)
    if not code:
        return Declined.ours("reason-missing", 422)
    known = next((one for one, _ in among if one.value == code), None)
    found = as_uuid(case) if case else None
    if known is None or (case and found is None):
        return Declined.ours("reason-unknown", 422)
    if REASONS[known].needs_case and found is None:
        return Declined.ours("case-missing", 422)
    return Reason(known, found)
