"""A person answered who contested an automated decision: the answer is kept until it is sent."""

from __future__ import annotations

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.retention.events import DecisionReviewedV1
from services.notify.domain.messages import Template, message_id_of
from services.notify.store import review_letters

PURPOSE = "rights"


class TakeReview:
    """Hears retention.decision.reviewed."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[DecisionReviewedV1]) -> None:
        """Keep the answer until it is sent."""
        said = heard.event
        async with self._work(PURPOSE, SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                letter = message_id_of(Template.REVIEWED, said.case)
                await review_letters.add(tx, letter, said.subject, (said.title, said.granted, said.reasons))
