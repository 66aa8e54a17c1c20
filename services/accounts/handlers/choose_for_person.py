"""Staff change a choice for somebody who wrote, called or came by (G-64): the case number is the proof."""

from uuid import UUID

from chassis.decision import Refused
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Choices, DeskChoice
from services.accounts.choosing import keep, of_age, wording_for
from services.accounts.domain.choices import About, Proof, Rules, possible
from services.accounts.store import choices, organisations

ASKS, NOTES = "desk.consent.v1", "desk.notice.v1"


class ChooseForPerson:
    """POST /people/{subject}/choices."""

    def __init__(self, work: Workplace, rules: Rules) -> None:
        self._work = work
        self._rules = rules

    async def __call__(self, call: Call) -> Choices | Refused:
        """All choices of the person as they stand now.

        Refused with choice-not-possible, wording-unknown, organisation-unknown, nobody-known,
        consent-too-young.
        """
        asked: DeskChoice = call.body
        about = About(UUID(call.path["subject"]), asked.purpose, asked.organisation, asked.channel)
        allowed = possible(self._rules, about, asked.state)
        if isinstance(allowed, Refused):
            return allowed
        wording = wording_for(ASKS if asked.state == "given" else NOTES, asked.purpose, asked.state)
        if isinstance(wording, Refused):
            return wording
        async with self._work("keeping_choices", call.actor, call.reason) as tx:
            tx.saw([about.subject])
            if not await tx.remembers(about.subject):
                return Refused("nobody-known")
            if asked.organisation and not await organisations.known(tx, asked.organisation):
                return Refused("organisation-unknown")
            grown = await of_age(tx, self._rules, about, asked.state)
            if isinstance(grown, Refused):
                return grown
            proof = Proof(wording.value, asked.language, asked.asked_by, tx.now, asked.case_number)
            await keep(tx, self._rules, about, asked.state, proof)
            return Choices(choices=tuple(await choices.all_standing(tx, about.subject)))
