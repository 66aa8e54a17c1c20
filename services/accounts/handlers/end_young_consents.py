"""Who says that they are too young to consent has consented to nothing (GDPR 8): a yes from before ends."""

from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from services.accounts.choosing import keep
from services.accounts.domain.ages import youngest_born
from services.accounts.domain.choices import About, Proof, Rules
from services.accounts.store import choices

END_YOUNG_CONSENTS = "end_young_consents"
WITHDRAWN, WORDING, PLACE = "withdrawn", "age.v1", "age"
AT_ONCE = 100


class EndYoungConsents:
    """The clock, rung when somebody says when they were born."""

    def __init__(self, work: Workplace, rules: Rules) -> None:
        self._work = work
        self._rules = rules
        self._age = max(rule.consent_age for rule in rules.values())

    async def __call__(self) -> None:
        """End what a child said yes to, until nothing is left."""
        while await self._some():
            pass

    async def _some(self) -> bool:
        async with self._work("keeping_choices", SYSTEM) as tx:
            found = await choices.of_the_young(tx, youngest_born(tx.now.date(), self._age), AT_ONCE)
            for about, language in found:
                await self._end(tx, about, language)
        return len(found) == AT_ONCE

    async def _end(self, tx: Work, about: About, language: str) -> None:
        """Nothing, where the person said no while this waited for its turn."""
        standing = await choices.standing(tx, about)
        if standing is not None and standing.state == "given":
            await keep(tx, self._rules, about, WITHDRAWN, Proof(WORDING, language, PLACE, tx.now))
