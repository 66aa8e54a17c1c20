"""Who looked at a person's data, gathered from every service that keeps a log of it (Art. 15)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from uuid import UUID

from contracts.looks import Look, Looks
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting

HOLDERS = ("accounts", "orders", "notify", "sharing", "retention")
PAGE = 50


@dataclass(frozen=True)
class Gathered:
    """One page of looks, newest first.

    `away` names the services that could not be asked. `before` has, by service, the oldest look that was
    shown so far; None where there is no older one.
    """

    looks: tuple[Look, ...]
    away: tuple[str, ...]
    before: Mapping[str, UUID] | None


async def see_looks(
    desk: Desk, acting: Acting, before: Mapping[str, UUID], language: str
) -> Gathered | Declined:
    """All services are asked at the same moment; one that is down is named, and the rest is shown."""
    asked = (_ask(desk, acting, service, before.get(service), language) for service in HOLDERS)
    answers = dict(zip(HOLDERS, await asyncio.gather(*asked), strict=True))
    away = []
    told: dict[str, Looks] = {}
    for service, answer in answers.items():
        if not isinstance(answer, Declined):
            told[service] = answer
        elif answer.status < 500:
            return answer
        else:
            away.append(service)
    return _merged(told, away, before)


def _merged(told: Mapping[str, Looks], away: Sequence[str], before: Mapping[str, UUID]) -> Gathered:
    owner = {look.id: service for service, answer in told.items() for look in answer.looks}
    looks = sorted(
        (look for answer in told.values() for look in answer.looks), key=attrgetter("at", "id"), reverse=True
    )
    shown = tuple(looks[:PAGE])
    names = {look.organisation: look.organisation_name for look in looks if look.organisation_name}
    # A service that is used up answers with nothing when it is asked for what came before its last look.
    onward = {**before, **{owner[look.id]: look.id for look in shown}}
    more = len(looks) > PAGE or any(answer.before for answer in told.values())
    return Gathered(tuple(_named(look, names) for look in shown), tuple(away), onward if more else None)


def _named(look: Look, names: Mapping[UUID | None, str | None]) -> Look:
    """Not every service knows an organisation by its name, but one of them does."""
    name = look.organisation_name or names.get(look.organisation)
    return look.model_copy(update={"organisation_name": name})


async def _ask(
    desk: Desk, acting: Acting, service: str, before: UUID | None, language: str
) -> Looks | Declined:
    query = {} if before is None else {"before": str(before)}
    question = Question(service, "GET", "/people/me/looks", acting, query=query, language=language)
    return await desk.neighbours.ask(question, Looks)
