"""A guest became part of an account: choices and a shield become one person's (G-60, W-45, F-70)."""

from __future__ import annotations

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.accounts.events import SubjectMergedV1
from contracts.actors import SYSTEM
from services.accounts.choosing import join
from services.accounts.domain.choices import Rules
from services.accounts.shields import join_shields


class JoinChoices:
    """accounts.subject.merged, heard by accounts itself: the claim belongs to rights, these do not."""

    def __init__(self, work: Workplace, rules: Rules) -> None:
        self._work = work
        self._rules = rules

    async def __call__(self, heard: Heard[SubjectMergedV1]) -> None:
        """Carry over what must hold for both; again changes nothing."""
        said = heard.event
        account, guest = said.into, said.subject
        async with self._work("keeping_choices", SYSTEM) as tx:
            new = await tx.first_sight_of(heard)
            if new and await tx.remembers(account) and await tx.remembers(guest):
                await join(tx, self._rules, account, guest)
        async with self._work("protection", SYSTEM) as tx:
            if await tx.remembers(account) and await tx.remembers(guest):
                await join_shields(tx, account, guest)
