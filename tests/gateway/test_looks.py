"""Looks of several services become one page; a case of somebody else finds nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from uuid import UUID, uuid4

import pytest

from chassis.reason import Reason
from contracts.actors import Role
from contracts.looks import Look, LookKind, Looks, ReasonCode
from contracts.orders.api import FoundSubject
from contracts.retention.api import Case
from services.gateway.domain.looks_told import told_once
from services.gateway.handlers.desk import Desk
from services.gateway.handlers.find_person import NO_CASE, OTHER_PERSON, find_person
from services.gateway.handlers.see_looks import see_looks
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import AWAY, Declined
from services.gateway.neighbours.tokens import Acting
from tests.gateway.plausible import NOW

WHO = cast(Acting, None)
PARTNER = UUID(int=7)


class Answering:
    """A desk whose neighbours answer what a function says."""

    def __init__(self, answer: Any) -> None:
        self.neighbours = self
        self.answer = answer

    async def ask(self, question: Question, _: type[Any]) -> Any:
        return self.answer(question)

    @property
    def desk(self) -> Desk:
        return cast(Desk, self)


def a_look(minutes: int, **facts: Any) -> Look:
    known = {
        "id": uuid4(),
        "at": NOW - timedelta(minutes=minutes),
        "role": Role.BOX_OFFICE,
        "organisation": None,
        "organisation_name": None,
        "purpose": "order_guidance",
        "reason": ReasonCode.COMPLAINT,
        "kind": LookKind.ONE,
    }
    return Look.model_validate(known | facts)


def service_of(log: dict[str, list[Look]], size: int = 50) -> Any:
    """Each service tells its own log, by pages of `size`."""

    def answer(question: Question) -> Looks:
        kept, before = log.get(question.service, []), question.query.get("before")
        start = next((n + 1 for n, look in enumerate(kept) if str(look.id) == before), 0)
        page = kept[start : start + size]
        more = len(kept) > start + size
        return Looks(looks=tuple(page), before=page[-1].id if more else None)

    return answer


async def test_pages_of_all_services_show_each_look_once_and_the_newest_first() -> None:
    log = {
        "orders": [a_look(n) for n in range(0, 240, 2)],
        "sharing": [a_look(n) for n in range(1, 20, 2)],
        "accounts": [a_look(500)],
    }
    desk, seen, before = Answering(service_of(log)).desk, list[Look](), dict[str, UUID]()
    for _ in range(10):
        page = await see_looks(desk, WHO, before, "nl")
        assert not isinstance(page, Declined)
        seen += page.looks
        if page.before is None:
            break
        before = dict(page.before)
    assert [look.at for look in seen] == sorted((look.at for look in seen), reverse=True)
    assert sorted(look.id for look in seen) == sorted(look.id for kept in log.values() for look in kept)


async def test_a_service_that_is_down_is_named_and_the_rest_is_shown() -> None:
    tell = service_of({"orders": [a_look(1)]})
    desk = Answering(lambda asked: AWAY if asked.service == "sharing" else tell(asked)).desk
    page = await see_looks(desk, WHO, {}, "nl")
    assert not isinstance(page, Declined)
    assert (len(page.looks), page.away, page.before) == (1, ("sharing",), None)


async def test_who_may_not_read_looks_is_refused_and_no_service_called_down() -> None:
    refused = Declined.ours("role-refused", 403)
    assert await see_looks(Answering(lambda _: refused).desk, WHO, {}, "nl") is refused


async def test_an_organisation_is_named_wherever_one_service_knows_its_name() -> None:
    log = {
        "orders": [a_look(1, role=Role.ORGANISER, organisation=PARTNER)],
        "sharing": [a_look(2, role=Role.ORGANISER, organisation=PARTNER, organisation_name="Tij")],
    }
    page = await see_looks(Answering(service_of(log)).desk, WHO, {}, "nl")
    assert not isinstance(page, Declined)
    assert [look.organisation_name for look in page.looks] == ["Tij", "Tij"]


def test_looking_again_and_again_stands_there_once_with_how_often() -> None:
    other = {"reason": ReasonCode.RIGHTS_REQUEST}
    told = told_once([a_look(0), a_look(1, **other), a_look(2), a_look(59), a_look(60), a_look(61)])
    assert [(one.newest.reason, one.times) for one in told] == [
        (ReasonCode.COMPLAINT, 3),
        (ReasonCode.RIGHTS_REQUEST, 1),
        (ReasonCode.COMPLAINT, 2),
    ]


@pytest.mark.parametrize(
    ("state", "about", "expected"),
    [
        ("ordered", UUID(int=1), (UUID(int=1),)),
        ("ordered", UUID(int=2), OTHER_PERSON),
        ("closed", UUID(int=1), NO_CASE),
    ],
)
async def test_a_case_finds_its_own_person_while_it_is_open(state: str, about: UUID, expected: Any) -> None:
    asked = list[str]()

    def answer(question: Question) -> Case | FoundSubject:
        asked.append(question.service)
        if question.service == "orders":
            return FoundSubject(subject=UUID(int=1))
        known = dict.fromkeys(("opened_at", "promised_by", "due_by"), NOW)
        lists = dict.fromkeys(("waiting_for", "receipts", "recipients"), ())
        case = {"id": UUID(int=9), "kind": "copy", "state": state, "subject": about, "closed_at": None}
        return Case.model_validate(case | known | lists)

    reason = Reason(ReasonCode.RIGHTS_CASE, UUID(int=9))
    assert await find_person(Answering(answer).desk, WHO, "V26-7K2M", reason, "nl") == expected
    assert asked == (["retention"] if expected is NO_CASE else ["retention", "orders"])
