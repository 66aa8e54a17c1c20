"""A browser that sends `Sec-GPC: 1` objects to analytics and to data for others (Art. 21(5))."""

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Choices
from services.accounts.choosing import keep
from services.accounts.domain.choices import About, Proof, Rules, to_signal
from services.accounts.store import choices

OBJECTED, WORDING, PLACE, CHANNEL = "objected", "signal.gpc.v1", "browser", "email"


class HearSignal:
    """POST /people/me/signals."""

    def __init__(self, work: Workplace, rules: Rules) -> None:
        self._work = work
        self._rules = rules

    async def __call__(self, call: Call) -> Choices | Refused:
        """All choices as they stand now, or person-unknown.

        What the person chose themself stands: a signal that comes with every page does not take it back.
        """
        async with self._work("keeping_choices", call.actor) as tx:
            if not await tx.remembers(call.actor.id):
                return Refused("person-unknown")
            proof = Proof(WORDING, call.language, PLACE, tx.now)
            for purpose in to_signal(self._rules):
                about = About(call.actor.id, purpose, None, CHANNEL)
                if await choices.standing(tx, about) is None:
                    await keep(tx, self._rules, about, OBJECTED, proof)
            return Choices(choices=tuple(await choices.all_standing(tx, call.actor.id)))
