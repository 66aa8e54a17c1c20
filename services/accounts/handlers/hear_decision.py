"""An objection was weighed: where compelling grounds override it, it is lifted (Art. 21(1))."""

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.actors import SYSTEM
from contracts.retention.events import ObjectionDecidedV1
from services.accounts.choosing import keep
from services.accounts.domain.choices import About, Proof, Rules
from services.accounts.store import choices

WORDING, PLACE, CHANNEL = "decision.v1", "decision", "email"


class HearDecision:
    """retention.objection.decided."""

    def __init__(self, work: Workplace, rules: Rules) -> None:
        self._work = work
        self._rules = rules

    async def __call__(self, heard: Heard[ObjectionDecidedV1]) -> None:
        """Lift it with the case as proof; one that stands, or that its person lifted, is left alone."""
        said = heard.event
        about = About(said.subject, said.purpose, said.organisation, CHANNEL)
        async with self._work("keeping_choices", SYSTEM) as tx:
            if not await tx.first_sight_of(heard) or said.stands:
                return
            standing = await choices.standing(tx, about)
            if standing is not None and standing.state == "objected":
                proof = Proof(WORDING, standing.language, PLACE, tx.now, str(said.case))
                await keep(tx, self._rules, about, "lifted", proof)
