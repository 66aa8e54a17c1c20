"""A choice is kept with its proof, numbered, and told to every service's gate (Art. 7 and 21, F-67, W-45)."""

from collections.abc import Mapping

from chassis.decision import Refused
from chassis.heard import Heard
from chassis.routes import Call
from chassis.work import Work, Workplace
from contracts.accounts.api import ChoiceRequest, Choices
from contracts.accounts.events import ChoiceSetV1
from contracts.actors import SYSTEM
from contracts.orders.events import ChoiceMadeV1
from services.accounts.domain.choices import About, Proof, possible, version_after
from services.accounts.store import choices, organisations

CHECKOUT = "checkout"


class MakeChoice:
    """POST /people/me/choices."""

    def __init__(self, work: Workplace, gates: Mapping[str, str]) -> None:
        """`gates` says for each purpose whether consent, objection or nothing decides."""
        self._work = work
        self._gates = gates

    async def __call__(self, call: Call) -> Choices | Refused:
        """All choices as they stand now; or choice-not-possible, organisation-unknown, person-unknown."""
        asked: ChoiceRequest = call.body
        allowed = possible(self._gates, asked.purpose, asked.organisation, asked.state)
        if isinstance(allowed, Refused):
            return allowed
        about = About(call.actor.id, asked.purpose, asked.organisation, asked.channel)
        async with self._work("keeping_choices", call.actor) as tx:
            if not await tx.remembers(call.actor.id):
                return Refused("person-unknown")
            if asked.organisation and not await organisations.known(tx, asked.organisation):
                return Refused("organisation-unknown")
            proof = Proof(asked.wording, call.language, asked.place, tx.now)
            await _keep(tx, about, asked.state, proof)
            return Choices(choices=tuple(await choices.all_standing(tx, call.actor.id)))


class KeepCheckoutChoice:
    """orders.choice.made: the box that was ticked, or left empty, at checkout."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[ChoiceMadeV1]) -> None:
        """Keep it once; a later choice that stands already stays."""
        made = heard.event
        about = About(made.subject, made.purpose, made.organisation, made.channel)
        async with self._work("keeping_choices", SYSTEM) as tx:
            if not await tx.first_sight_of(heard):
                return
            await _keep(tx, about, made.state, Proof(made.wording, made.language, CHECKOUT, made.made_at))


async def _keep(tx: Work, about: About, state: str, proof: Proof) -> None:
    """Keep the choice, and tell it unless a later one stands already."""
    before = await choices.standing(tx, about)
    version = version_after(before, proof.made_at)
    await choices.add(tx, about, state, version, proof)
    if version > 0:
        await tx.announce(
            ChoiceSetV1(
                subject=about.subject,
                purpose=about.purpose,
                organisation=about.organisation,
                channel=about.channel,
                state=state,
                version=version,
            )
        )
