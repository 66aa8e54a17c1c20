"""Another address for an account: both the old and the new one agree by a letter, and then it counts.

Who stole a session cannot move the account away, and nobody moves one to an address that is not theirs.
"""

from datetime import timedelta
from uuid import uuid4

from chassis.decision import Refused
from chassis.routes import Answer, Call
from chassis.work import Work, Workplace
from contracts.accounts.api import ChangeEmail
from services.accounts.domain.people import email_key
from services.accounts.handlers.prove_owner import ProveOwner
from services.accounts.ordering import order_linked, order_notice
from services.accounts.passwords import user_key
from services.accounts.store import letters, sessions
from services.accounts.store.letters import EMAIL_KINDS, Letter
from services.accounts.store.sessions import Own


class AskForOtherEmail:
    """POST /account/email."""

    def __init__(self, work: Workplace, prove: ProveOwner, length: timedelta) -> None:
        self._work = work
        self._prove = prove
        self._length = length

    async def __call__(self, call: Call) -> Answer | Refused:
        """202, whoever has the new address; or email-same, or what the proof of the owner refuses."""
        asked: ChangeEmail = call.body
        proved = await self._prove(call, asked.secret, asked.password.get_secret_value())
        if isinstance(proved, Refused):
            return proved
        own, email = proved.value, str(asked.email)
        if email_key(email) == email_key(own.email):
            return Refused("email-same")
        async with self._work("account", call.actor) as tx:
            await self._ask(tx, own, email)
        return Answer(None, status=202)

    async def _ask(self, tx: Work, own: Own, email: str) -> None:
        until = tx.now + self._length
        await letters.withdraw(tx, own.subject, EMAIL_KINDS)
        await letters.want_email(tx, own.subject, email, until)
        old = Letter(uuid4(), own.subject, "email_old", own.email, until)
        await order_linked(tx, "email_old", old, own.name, own.locale)
        if await sessions.subject_of(tx, user_key(email)) is not None:
            # Somebody logs in with that address: they are told, and the change is never completed.
            await order_notice(tx, own.subject, "exists", email)
            return
        new = Letter(uuid4(), own.subject, "email_new", email, until)
        await order_linked(tx, "email_new", new, own.name, own.locale)
