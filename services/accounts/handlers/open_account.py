"""An account is opened by whoever reads mail at its address (G-01).

The password is chosen after the letter arrived and not before: nobody can put one under a stranger's address.
"""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.api import OpenAccount, Session
from contracts.accounts.events import ContactSetV1
from contracts.actors import Role
from services.accounts.domain.entrance import BY_LETTER, Lengths
from services.accounts.domain.people import Contact
from services.accounts.handlers.choose_password import ChoosePassword
from services.accounts.handlers.read_letter import DEAD, Letters
from services.accounts.passwords import user_key
from services.accounts.store import letters, people, sessions
from services.accounts.store.letters import Letter
from services.accounts.visiting import note_arrival, open_session


class OpenAnAccount:
    """POST /accounts."""

    def __init__(self, work: Workplace, letters: Letters, choose: ChoosePassword, lengths: Lengths) -> None:
        self._work = work
        self._letters = letters
        self._choose = choose
        self._lengths = lengths

    async def __call__(self, call: Call) -> Session | Refused:
        """A session of the new account; or letter-dead, why the password is refused, log-in-busy."""
        asked: OpenAccount = call.body
        found = await self._letters.of(call.actor, asked.token, "register")
        if isinstance(found, Refused):
            return found
        letter = found.value
        chosen = await self._choose(asked.password.get_secret_value(), Role.VISITOR, letter.email, asked.name)
        if isinstance(chosen, Refused):
            return chosen
        contact = Contact(letter.subject, asked.name, letter.email, None, asked.locale, 1)
        async with self._work("account", call.actor) as tx:
            session = await self._opened(tx, letter, contact, chosen.value)
        if session is None:
            return DEAD
        async with self._work("security", call.actor) as tx:
            await note_arrival(tx, session, asked.origin)
        return session

    async def _opened(self, tx: Work, letter: Letter, contact: Contact, password_hash: str) -> Session | None:
        # Of two letters to one address the first that is used opens the account, the other opens nothing.
        used = await letters.use(tx, letter.id, ("register",), tx.now)
        key = user_key(letter.email)
        if used is None or not await sessions.open_account(tx, letter.subject, key, password_hash, tx.now):
            return None
        await people.open_account(tx, contact, tx.now)
        await tx.announce(
            ContactSetV1(
                subject=contact.subject,
                version=contact.version,
                name=contact.name,
                email=contact.email,
                locale=contact.locale,
            )
        )
        return await open_session(tx, contact.subject, self._lengths, BY_LETTER)
