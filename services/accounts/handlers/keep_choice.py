"""A person chooses, at checkout or on their own pages (Art. 7 and 21, F-67, W-45)."""

from chassis.claims import account_of
from chassis.decision import Refused
from chassis.heard import Heard
from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import ChoiceRequest, Choices
from contracts.actors import SYSTEM
from contracts.orders.events import ChoiceMadeV1
from services.accounts.choosing import join, keep, keep_one, of_age, wording_for
from services.accounts.domain.choices import About, Proof, Rules, possible
from services.accounts.store import choices, organisations

CHECKOUT = "checkout"


class MakeChoice:
    """POST /people/me/choices."""

    def __init__(self, work: Workplace, rules: Rules) -> None:
        """`rules` says for each purpose what can be chosen."""
        self._work = work
        self._rules = rules

    async def __call__(self, call: Call) -> Choices | Refused:
        """All choices as they stand now.

        Refused with choice-not-possible, wording-unknown, organisation-unknown, person-unknown,
        consent-too-young.
        """
        asked: ChoiceRequest = call.body
        about = About(call.actor.id, asked.purpose, asked.organisation, asked.channel)
        allowed = possible(self._rules, about, asked.state)
        if isinstance(allowed, Refused):
            return allowed
        wording = wording_for(asked.wording, asked.purpose, asked.state)
        if isinstance(wording, Refused):
            return wording
        async with self._work("keeping_choices", call.actor) as tx:
            if not await tx.remembers(call.actor.id):
                return Refused("person-unknown")
            if asked.organisation and not await organisations.known(tx, asked.organisation):
                return Refused("organisation-unknown")
            grown = await of_age(tx, self._rules, about, asked.state)
            if isinstance(grown, Refused):
                return grown
            proof = Proof(wording.value, call.language, asked.place, tx.now)
            await keep(tx, self._rules, about, asked.state, proof)
            return Choices(choices=tuple(await choices.all_standing(tx, call.actor.id)))


class KeepCheckoutChoice:
    """orders.choice.made: the box that was ticked, or left empty, at checkout."""

    def __init__(self, work: Workplace, rules: Rules) -> None:
        self._work = work
        self._rules = rules

    async def __call__(self, heard: Heard[ChoiceMadeV1]) -> None:
        """Keep it once; a later choice that stands already stays. A yes of somebody too young is none."""
        made = heard.event
        about = About(made.subject, made.purpose, made.organisation, made.channel)
        async with self._work("keeping_choices", SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                proof = Proof(made.wording, made.language, CHECKOUT, made.made_at)
                grown = await of_age(tx, self._rules, about, made.state)
                state = "refused" if isinstance(grown, Refused) else made.state
                account = await account_of(tx, made.subject)
                if account is None:
                    await keep(tx, self._rules, about, state, proof)
                    return
                # A guest's order that is an account's by now: what the account chose wins, as it did before.
                await keep_one(tx, self._rules, about, state, proof)
                await join(tx, self._rules, account, made.subject)
