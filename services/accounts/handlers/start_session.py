"""Log in (G-14, G-71): the same answer after the same time, whether the user exists or not."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.api import LogIn, Session
from services.accounts.domain.entrance import BY_PASSWORD, Lengths
from services.accounts.handlers.ask_second_factor import second_factor_of
from services.accounts.handlers.guard_log_in import Guard, Try
from services.accounts.ordering import order_notice
from services.accounts.passwords import Passwords, user_key
from services.accounts.store import sessions
from services.accounts.store.sessions import LogInRow
from services.accounts.visiting import note_arrival, open_session

REFUSED = Refused("log-in-refused")


class StartSession:
    """POST /sessions."""

    def __init__(self, work: Workplace, passwords: Passwords, guard: Guard, lengths: Lengths) -> None:
        self._work = work
        self._passwords = passwords
        self._guard = guard
        self._lengths = lengths

    async def __call__(self, call: Call) -> Session | Refused:
        """A session; or log-in-refused, too-many-attempts, log-in-busy; or factor-needed, where the
        password was right and the challenge in its facts is to be answered."""
        if self._passwords.full:
            return Refused("log-in-busy")
        asked: LogIn = call.body
        key = user_key(asked.user)
        found = await sessions.log_in_of(self._work.once("account", call.actor), key)
        subject = found.subject if found else None
        tried = await self._guard.begin(call.actor, key, subject, asked.origin)
        if isinstance(tried, Refused):
            return tried
        password = asked.password.get_secret_value()
        checked = await self._passwords.verify(password, found.password_hash if found else None)
        if isinstance(checked, Refused):
            return checked
        if not checked.value or found is None:
            await self._guard.failed(call.actor, tried, subject)
            return REFUSED
        fresh = await self._fresh_hash(password, found)
        async with self._work("account", call.actor) as tx:
            session = await self._opened(tx, found, tried, fresh)
        if session is None:
            return REFUSED
        await self._noted(call, tried, session)
        return session

    async def _noted(self, call: Call, tried: Try, session: Session | Refused) -> None:
        async with self._work("security", call.actor) as tx:
            await self._guard.passed(tx, tried)
            if not isinstance(session, Refused):
                await note_arrival(tx, session, call.body.origin)

    async def _fresh_hash(self, password: str, found: LogInRow) -> str | None:
        """A hash with today's parameters, where the stored one has lower ones and the queue has room."""
        if not self._passwords.outdated(found.password_hash):
            return None
        made = await self._passwords.hash(password)
        return None if isinstance(made, Refused) else made.value

    async def _opened(
        self, tx: Work, found: LogInRow, tried: Try, fresh: str | None
    ) -> Session | Refused | None:
        if fresh is not None:
            await sessions.renew_password(tx, found.subject, fresh)
        needed = await second_factor_of(tx, found.subject)
        if needed is not None:
            return needed
        session = await open_session(tx, found.subject, self._lengths, BY_PASSWORD, tried.keeps)
        if session is not None and tried.new:
            await order_notice(tx, found.subject, "new_device")
        return session
