"""What protects an account, for whoever is logged in to it (G-60, G-11)."""

from chassis.clock import Clock
from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Account, Mine
from services.accounts.domain.factors import must_have_factor
from services.accounts.domain.people import email_key
from services.accounts.store import devices, factors, letters, sessions
from services.accounts.visiting import hashed


class ShowAccount:
    """POST /account: the session's secret rides in the body, never in a URL."""

    def __init__(self, work: Workplace, clock: Clock) -> None:
        self._work = work
        self._clock = clock

    async def __call__(self, call: Call) -> Account | Refused:
        """Sessions and log-ins; or session-ended."""
        asked: Mine = call.body
        now = self._clock.now()
        async with self._work("account", call.actor) as tx:
            own = await sessions.own(tx, hashed(asked.secret), now)
            if own is None:
                return Refused("session-ended")
            waiting = await letters.email_wanted(tx, own.subject, now)
            listed, left = await factors.listed(tx, own.subject), await factors.codes_left(tx, own.subject)
        async with self._work("security", call.actor) as tx:
            return Account(
                user=own.user_key,
                by_email=own.user_key == email_key(own.email),
                new_email_asked=waiting,
                sessions=await devices.sessions_of(tx, own.subject, own.session, now),
                arrivals=await devices.arrivals(tx, own.subject),
                factors=listed,
                recovery_left=left,
                must=must_have_factor(own.role),
            )
