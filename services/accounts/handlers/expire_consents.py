"""A consent does not count for ever: once its purpose's time is over it expires, and every gate hears it."""

from chassis.work import Work, Workplace
from contracts.actors import SYSTEM
from services.accounts.choosing import keep
from services.accounts.domain.choices import About, Proof, Rules, ran_out
from services.accounts.store import choices

EXPIRED, WORDING, PLACE = "expired", "term.v1", "term"
AT_ONCE = 100


class ExpireConsents:
    """The clock."""

    def __init__(self, work: Workplace, rules: Rules) -> None:
        self._work = work
        self._rules = rules

    async def __call__(self) -> None:
        """Expire what has run out, until nothing has."""
        while await self._some():
            pass

    async def _some(self) -> bool:
        async with self._work("keeping_choices", SYSTEM) as tx:
            found = await choices.over(tx, tx.now, AT_ONCE)
            for about, language in found:
                await self._expire(tx, about, language)
        return len(found) == AT_ONCE

    async def _expire(self, tx: Work, about: About, language: str) -> None:
        """Nothing, where the person chose again while this waited for its turn."""
        if ran_out(await choices.standing(tx, about), tx.now):
            await keep(tx, self._rules, about, EXPIRED, Proof(WORDING, language, PLACE, tx.now))
