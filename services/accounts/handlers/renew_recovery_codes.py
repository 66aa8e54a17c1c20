"""Recovery codes are made anew, by who proved themselves a moment ago."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Mine
from contracts.accounts.factors import RecoveryCodes
from services.accounts.handlers.welcome_factor import WelcomeFactor
from services.accounts.ordering import order_notice
from services.accounts.store import factors


class RenewRecoveryCodes:
    """POST /account/recovery-codes."""

    def __init__(self, work: Workplace, welcome: WelcomeFactor) -> None:
        self._work = work
        self._welcome = welcome

    async def __call__(self, call: Call) -> RecoveryCodes | Refused:
        """Ten codes, told once; or session-ended, step-up-needed, no-factor."""
        asked: Mine = call.body
        async with self._work("account", call.actor) as tx:
            own = await self._welcome.own(tx, asked.secret)
            if isinstance(own, Refused):
                return own
            if not await factors.listed(tx, own.subject):
                return Refused("no-factor")
            codes = await self._welcome.new_codes(tx, own)
            await order_notice(tx, own.subject, "recovery_renewed")
        return RecoveryCodes(recovery_codes=codes)
