"""One of one's own factors is taken away, by who proved themselves a moment ago."""

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Workplace
from contracts.accounts.factors import RemoveFactor
from services.accounts.domain.factors import must_have_factor
from services.accounts.handlers.welcome_factor import WelcomeFactor
from services.accounts.ordering import order_notice
from services.accounts.store import factors


class RemoveOneFactor:
    """POST /account/factors/removal."""

    def __init__(self, work: Workplace, welcome: WelcomeFactor) -> None:
        self._work = work
        self._welcome = welcome

    async def __call__(self, call: Call) -> Answer | Refused:
        """204, also where it was gone; or session-ended, step-up-needed, last-factor for who works here."""
        asked: RemoveFactor = call.body
        async with self._work("account", call.actor) as tx:
            own = await self._welcome.own(tx, asked.secret)
            if isinstance(own, Refused):
                return own
            await factors.lock(tx, own.subject)
            had = [one.id for one in await factors.listed(tx, own.subject)]
            if had == [asked.factor] and must_have_factor(own.role):
                return Refused("last-factor")
            if await factors.remove(tx, own.subject, asked.factor):
                await order_notice(tx, own.subject, "factor_removed")
            if had == [asked.factor]:
                await factors.renew_codes(tx, own.subject, (), tx.now)
        return Answer(None, status=204)
