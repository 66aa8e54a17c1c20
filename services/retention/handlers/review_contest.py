"""A person answers who contested an automated decision (Art. 22(3))."""

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.retention.api import Case, Review
from contracts.retention.events import DecisionReviewedV1
from services.retention.domain.contests import decide_review
from services.retention.handlers.show_cases import shown
from services.retention.store import cases, decisions


class ReviewContest:
    """POST /cases/{case}/review."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Case | Refused:
        """The case, closed; case-unknown, not-contested, reviewed-already, decision-unheard."""
        wanted: Review = call.body
        async with self._work("rights", call.actor, call.reason) as tx:
            row = await cases.lock(tx, UUID(call.path["case"]))
            tx.saw([row.subject] if row else [])
            if row is None:
                return Refused("case-unknown")
            decided = decide_review(row.kind, row.state)
            if isinstance(decided, Refused):
                return decided
            return await self._answer(tx, row, wanted)

    async def _answer(self, tx: Work, row: cases.CaseRow, wanted: Review) -> Case | Refused:
        contest = (await decisions.contests(tx, [row.id])).get(row.id)
        if contest is None or contest.numbers is None:
            return Refused("decision-unheard")
        await decisions.answer(tx, row.id, wanted.granted, wanted.reasons)
        await cases.move(tx, row.id, "closed", tx.now, None, row.orders)
        await tx.announce(
            DecisionReviewedV1(
                subject=row.subject,
                case=row.id,
                decision=contest.decision,
                title=contest.numbers.title,
                granted=wanted.granted,
                reasons=wanted.reasons,
            )
        )
        closed = await cases.read(tx, row.id)
        assert closed is not None, "the case is locked by this transaction"
        return (await shown(tx, [closed]))[0]
