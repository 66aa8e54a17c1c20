"""Invoke a right: retention opens the case, for oneself or, at the privacy desk, for a person who asked."""

from contracts.retention.api import Case, OpenCase
from services.gateway.handlers.desk import Desk
from services.gateway.neighbours.caller import Question
from services.gateway.neighbours.declined import Declined
from services.gateway.neighbours.tokens import Acting


async def open_case(desk: Desk, acting: Acting, wanted: OpenCase, language: str) -> Case | Declined:
    """The case, or why there is none; an erasure that is going on already is answered again."""
    question = Question("retention", "POST", "/cases", acting, wanted, language=language)
    return await desk.neighbours.ask(question, Case)
