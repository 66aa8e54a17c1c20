"""The privacy desk finds a person, for a reason that it chose; with a case, only the person of that case."""

from __future__ import annotations

from uuid import UUID

from chassis.reason import Reason
from contracts.accounts.api import FindSubject, FoundSubjects
from contracts.looks import ReasonCode
from contracts.orders.api import FoundSubject
from contracts.retention.api import Case
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting

NO_CASE = Declined.ours("case-not-open", 422)
OTHER_PERSON = Declined.ours("case-of-another", 403)


async def find_person(
    desk: Desk, officer: Acting, sought: FindSubject | str, reason: Reason, language: str
) -> tuple[UUID, ...] | Declined:
    """Subject ids behind an address or an order number; not-found where nobody stands behind a number.

    `case-not-open` where the reason names a case that is not open, `case-of-another` where it is about
    somebody else than who was found: the log then tells of the try, and nobody is shown.
    """
    of_case = None
    if reason.code is ReasonCode.RIGHTS_CASE:
        case = await desk.neighbours.ask(
            Question("retention", "GET", f"/cases/{reason.case}", officer, language=language), Case
        )
        if isinstance(case, Declined):
            return NO_CASE if case.status == 404 else case
        if case.state == "closed":
            return NO_CASE
        of_case = case.subject
    found = await _found(desk, officer, sought, reason, language)
    if of_case is not None and not isinstance(found, Declined) and of_case not in found:
        return OTHER_PERSON
    return found


async def _found(
    desk: Desk, officer: Acting, sought: FindSubject | str, reason: Reason, language: str
) -> tuple[UUID, ...] | Declined:
    if isinstance(sought, FindSubject):
        asked = Question(
            "accounts", "POST", "/subjects/by-email", officer, sought, language=language, reason=reason
        )
        several = await desk.neighbours.ask(asked, FoundSubjects)
        return several if isinstance(several, Declined) else tuple(several.subjects)
    path = f"/orders/by-number/{sought}/subject"
    one = await desk.neighbours.ask(
        Question("orders", "GET", path, officer, language=language, reason=reason), FoundSubject
    )
    return one if isinstance(one, Declined) else (one.subject,)
