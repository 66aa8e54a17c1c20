"""Cases as they are shown: state, both clocks, answers, and what is still waited for (W-47)."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from chassis.claims import guests_of
from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Sql, Workplace
from contracts.actors import Role
from contracts.retention.api import (
    Case,
    CaseKind,
    Cases,
    CaseState,
    Contest,
    Grounds,
    Receipt,
    RecipientAnswer,
    Review,
)
from services.retention.domain.erasure import missing
from services.retention.seeing import may_read
from services.retention.store import cases, decisions, restrictions

MOST = 500
NUMBERS = ("event", "title", "rule", "most", "counted", "asked", "decided_at")


class ShowCase:
    """GET /cases/{case}."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Case | Refused:
        """The case; or case-unknown, also where it is another person's."""
        async with self._work("rights", call.actor, call.reason) as tx:
            row = await cases.read(tx, UUID(call.path["case"]))
            tx.saw([row.subject] if row else [])
            if row is None or not await may_read(tx, call.actor, row.subject):
                return Refused("case-unknown")
            return (await shown(tx, [row]))[0]


class ListCases:
    """GET /cases: everybody's for the privacy officer, one's own for a visitor."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Cases | Refused:
        """At most 500 cases, the most urgent first; too-many-looked-at."""
        own, me = call.actor.role is Role.VISITOR, call.actor.id
        async with self._work("rights", call.actor, call.reason) as tx:
            rows = await cases.listed(tx, MOST, [me, *await guests_of(tx, me)] if own else None)
            refused = await tx.saw_many(row.subject for row in rows)
            return refused or Cases(cases=tuple(await shown(tx, rows)))


async def shown(sql: Sql, rows: Sequence[cases.CaseRow]) -> list[Case]:
    """Cases with their receipts and recipients, in the order given."""
    ids = [row.id for row in rows]
    receipts = await cases.receipts(sql, ids)
    recipients = await cases.recipients(sql, ids)
    restricted = await restrictions.standing(sql, {row.subject for row in rows if row.kind == "restriction"})
    contests = await decisions.contests(sql, ids)
    return [
        _shown(
            row,
            restricted.get(row.subject) if row.kind == "restriction" else None,
            [receipt for receipt in receipts if receipt.case == row.id],
            [recipient for recipient in recipients if recipient.case == row.id],
            contests.get(row.id),
        )
        for row in rows
    ]


def _shown(
    row: cases.CaseRow,
    restriction: restrictions.Restriction | None,
    receipts: Sequence[cases.ReceiptRow],
    recipients: Sequence[cases.RecipientRow],
    contest: decisions.ContestRow | None,
) -> Case:
    answered = row.closed_at is not None or row.kind in ("objection", "contest")
    waiting = () if answered else missing(receipt.service for receipt in receipts)
    return Case(
        id=row.id,
        kind=cast(CaseKind, row.kind),
        state=cast(CaseState, row.state),
        subject=row.subject,
        opened_at=row.opened_at,
        promised_by=row.promised_by,
        due_by=row.due_by,
        closed_at=row.closed_at,
        waiting_for=waiting,
        receipts=tuple(_receipt(receipt) for receipt in receipts),
        recipients=tuple(_recipient(recipient) for recipient in recipients),
        restricted=restriction.restricted if restriction else None,
        lifts_at=restriction.lift_at if restriction else None,
        purpose=row.purpose,
        organisation=row.organisation,
        grounds=cast(Grounds | None, row.grounds),
        contest=_contest(contest) if contest else None,
    )


def _receipt(row: cases.ReceiptRow) -> Receipt:
    return Receipt(
        service=row.service,
        received_at=row.received_at,
        counts=dict(row.counts),
        kept_for_the_books=dict(row.books),
    )


def _recipient(row: cases.RecipientRow) -> RecipientAnswer:
    return RecipientAnswer.model_validate({"recipient": row.recipient, "state": row.state})


def _contest(row: decisions.ContestRow) -> Contest:
    answered = None if row.granted is None else {"granted": row.granted, "reasons": row.reasons}
    numbers = (
        dict.fromkeys(NUMBERS)
        if row.numbers is None
        else {name: getattr(row.numbers, name) for name in NUMBERS}
    )
    review = Review.model_validate(answered) if answered else None
    return Contest.model_validate({"decision": row.decision, "view": row.view, **numbers, "review": review})
