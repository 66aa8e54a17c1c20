"""What a letter's link is for. Reading uses nothing up: a mail scanner that opens links spoils none."""

from chassis.clock import Clock
from chassis.decision import Accepted, Refused
from chassis.routes import Call
from chassis.tokens import LinkReader
from chassis.work import Workplace
from contracts.accounts import api
from contracts.actors import Actor
from services.accounts.store import letters
from services.accounts.store.letters import Letter

DEAD = Refused("letter-dead")


class Letters:
    """Finds the letter that a token came with: signed by notify, kept here, used once."""

    def __init__(self, work: Workplace, reader: LinkReader, clock: Clock) -> None:
        self._work = work
        self._reader = reader
        self._clock = clock

    async def of(self, actor: Actor, token: str, *kinds: str) -> Accepted[Letter] | Refused:
        """The letter, of one of these kinds where any are named; or letter-dead."""
        now = self._clock.now()
        id = self._reader.read_letter(token, now)
        found = await letters.read(self._work.once("account", actor), id, now) if id else None
        if found is None or (kinds and found.kind not in kinds):
            return DEAD
        return Accepted(found)


class ReadLetter:
    """POST /letters."""

    def __init__(self, letters: Letters) -> None:
        self._letters = letters

    async def __call__(self, call: Call) -> api.Letter | Refused:
        """What the link is for; or letter-dead."""
        asked: api.ReadLetter = call.body
        found = await self._letters.of(call.actor, asked.token)
        if isinstance(found, Refused):
            return found
        letter = found.value
        return api.Letter.model_validate(
            {"kind": letter.kind, "email": letter.email, "expires_at": letter.expires_at}
        )
