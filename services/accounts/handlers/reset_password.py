"""A new password for whoever could no longer log in: by a letter to the address that is the user name."""

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.api import NewPassword, Session
from services.accounts.domain.entrance import BY_LETTER, Lengths
from services.accounts.handlers.ask_second_factor import second_factor_of
from services.accounts.handlers.choose_password import ChoosePassword
from services.accounts.handlers.guard_log_in import Guard
from services.accounts.handlers.read_letter import DEAD, Letters
from services.accounts.ordering import order_notice
from services.accounts.passwords import user_key
from services.accounts.store import devices, letters, sessions
from services.accounts.visiting import end_all_but, note_arrival, open_session


class ResetPassword:
    """POST /passwords."""

    def __init__(
        self, work: Workplace, letters: Letters, choose: ChoosePassword, guard: Guard, lengths: Lengths
    ) -> None:
        self._work = work
        self._letters = letters
        self._choose = choose
        self._guard = guard
        self._lengths = lengths

    async def __call__(self, call: Call) -> Session | Refused:
        """A session, the only one that is left; or letter-dead, why the password is refused, log-in-busy.

        A letter is no second factor: who has one gets factor-needed, with the password changed.
        """
        asked: NewPassword = call.body
        found = await self._letters.of(call.actor, asked.token, "reset")
        if isinstance(found, Refused):
            return found
        letter = found.value
        holder = await sessions.who(self._work.once("account", call.actor), letter.subject)
        if holder is None:
            return DEAD
        password = asked.password.get_secret_value()
        chosen = await self._choose(password, holder.actor.role, letter.email, holder.name)
        if isinstance(chosen, Refused):
            return chosen
        async with self._work("account", call.actor) as tx:
            session = await self._renewed(tx, letter.id, letter.subject, chosen.value)
        if session is None:
            return DEAD
        async with self._work("security", call.actor) as tx:
            # The owner's way back in: whoever guessed from elsewhere has closed nothing.
            await sessions.clear_attempts(tx, self._guard.mark_of(user_key(letter.email)))
            await devices.forget_all(tx, letter.subject)
            if not isinstance(session, Refused):
                await note_arrival(tx, session, asked.origin)
        return session

    async def _renewed(
        self, tx: Work, letter: UUID, subject: UUID, password_hash: str
    ) -> Session | Refused | None:
        if await letters.use(tx, letter, ("reset",), tx.now) is None:
            return None
        await sessions.renew_password(tx, subject, password_hash)
        await end_all_but(tx, subject, None)
        await order_notice(tx, subject, "new_password")
        needed = await second_factor_of(tx, subject)
        return needed or await open_session(tx, subject, self._lengths, BY_LETTER)
