"""The reader of one of both letters agrees to another address; when both have, it counts (W-41)."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.api import EmailChange, ReadLetter
from services.accounts.domain.people import Wish, correct
from services.accounts.handlers.read_letter import DEAD, Letters
from services.accounts.passwords import user_key
from services.accounts.store import letters, people, sessions
from services.accounts.store.letters import EMAIL_KINDS, Letter
from services.accounts.telling import tell, tell_of_guests


class AgreeToEmail:
    """POST /emails: the reader of one of both letters agrees."""

    def __init__(self, work: Workplace, letters: Letters) -> None:
        self._work = work
        self._letters = letters

    async def __call__(self, call: Call) -> EmailChange | Refused:
        """Whether the change is done; or letter-dead."""
        asked: ReadLetter = call.body
        found = await self._letters.of(call.actor, asked.token, *EMAIL_KINDS)
        if isinstance(found, Refused):
            return found
        async with self._work("rights", call.actor) as tx:
            return await self._agreed(tx, found.value)

    async def _agreed(self, tx: Work, letter: Letter) -> EmailChange | Refused:
        used = await letters.use(tx, letter.id, EMAIL_KINDS, tx.now)
        wanted = await letters.agree(tx, letter.subject, letter.kind, tx.now) if used else None
        if wanted is None or not await tx.remembers(letter.subject):
            return DEAD
        if wanted["done"]:
            before = await people.lock(tx, letter.subject)
            corrected = correct(before, Wish(email=wanted["email"])) if before else None
            if before is None or corrected is None:
                return DEAD
            await people.renew(tx, corrected.contact, tx.now)
            await sessions.rename(tx, letter.subject, user_key(wanted["email"]), user_key(before.email))
            await letters.email_settled(tx, letter.subject)
            await tell(tx, corrected)
            await tell_of_guests(tx, letter.subject, corrected)
        return EmailChange(done=wanted["done"], email=wanted["email"])
