"""A guest became part of an account: their choices become one person's (G-60, W-45)."""

from __future__ import annotations

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.accounts.events import SubjectMergedV1
from contracts.actors import SYSTEM
from services.accounts.choosing import join
from services.accounts.domain.choices import Rules


class JoinChoices:
    """accounts.subject.merged, heard by accounts itself: the claim belongs to rights, choices do not."""

    def __init__(self, work: Workplace, rules: Rules) -> None:
        self._work = work
        self._rules = rules

    async def __call__(self, heard: Heard[SubjectMergedV1]) -> None:
        """Carry over what must hold for both; again changes nothing."""
        said = heard.event
        async with self._work("keeping_choices", SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            if not (await tx.remembers(said.into) and await tx.remembers(said.subject)):
                return
            await join(tx, self._rules, said.into, said.subject)
