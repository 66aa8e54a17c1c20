"""What follows a new factor: recovery codes with the first one, a letter, and the role that it opens."""

import secrets
from datetime import timedelta

from chassis.decision import Refused
from chassis.work import Work
from contracts.accounts.api import Session
from contracts.accounts.factors import FactorAdded
from services.accounts.domain.entrance import Lengths, fresh, with_factor
from services.accounts.domain.factors import must_have_factor, recovery_codes
from services.accounts.handlers.prove_factor import ProveFactor
from services.accounts.ordering import order_notice
from services.accounts.store import factors, sessions
from services.accounts.store.sessions import Own
from services.accounts.visiting import end_all_but, hashed, open_session


class WelcomeFactor:
    """Runs in the transaction that keeps the factor (purpose account)."""

    def __init__(self, prove: ProveFactor, lengths: Lengths, fresh_for: timedelta) -> None:
        self._prove = prove
        self._lengths = lengths
        self._fresh_for = fresh_for

    async def own(self, tx: Work, secret: str) -> Own | Refused:
        """Whose session it is, where its person proved themselves a moment ago; or session-ended,
        step-up-needed."""
        own = await sessions.own(tx, hashed(secret), tx.now)
        if own is None:
            return Refused("session-ended")
        allowed = fresh(own.proved_at, tx.now, self._fresh_for)
        return allowed if isinstance(allowed, Refused) else own

    async def __call__(self, tx: Work, own: Own, first: bool, method: str) -> FactorAdded:
        """What is told once. Who works here goes on in a new session: their rights have grown."""
        codes = await self.new_codes(tx, own) if first else ()
        await order_notice(tx, own.subject, "factor_added")
        session: Session | None = None
        if must_have_factor(own.role) and not own.strong:
            await end_all_but(tx, own.subject, None)
            session = await open_session(tx, own.subject, self._lengths, with_factor(method))
        return FactorAdded(recovery_codes=codes, session=session)

    async def new_codes(self, tx: Work, own: Own) -> tuple[str, ...]:
        """Ten recovery codes in the place of those before."""
        codes = recovery_codes(secrets.choice)
        hashes = tuple(self._prove.recovery_hash(own.subject, code) for code in codes)
        await factors.renew_codes(tx, own.subject, hashes, tx.now)
        return codes
