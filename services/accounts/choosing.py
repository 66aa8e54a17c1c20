"""Keeps one choice with its proof, numbers it, and tells every service's gate (Art. 7 and 21, F-67)."""

from collections.abc import Iterable

from chassis.countries import Country
from chassis.decision import Accepted, Refused
from chassis.purposes import KnownPurpose
from chassis.wordings import fits, of_the_page
from chassis.work import Work
from contracts.accounts.events import ChoiceSetV1, ObjectionRaisedV1
from services.accounts.domain.ages import old_enough
from services.accounts.domain.choices import About, Proof, Rule, Rules, version_after
from services.accounts.store import choices, profiles


def rules_of(purposes: Iterable[KnownPurpose], country: Country) -> Rules:
    """What each purpose knows in a country."""
    return {one.id: _rule(one, country) for one in purposes}


def _rule(one: KnownPurpose, country: Country) -> Rule:
    age = country.consent_age if one.gate == "consent" else 0
    return Rule(one.gate, one.channels(country), one.consent_lasts, one.gpc, one.weighed, age)


def wording_for(asked: str | None, purpose: str, state: str) -> Accepted[str] | Refused:
    """The wording that a choice points at: the one that was shown, or the newest of the page of choices."""
    page = of_the_page(purpose)
    wording = asked or (page.id if page else "")
    return Accepted(wording) if fits(wording, purpose, state) else Refused("wording-unknown")


async def of_age(tx: Work, rules: Rules, about: About, state: str) -> Accepted[None] | Refused:
    """Whether this person may consent, as far as they said how old they are; consent-too-young (GDPR 8)."""
    rule = rules.get(about.purpose)
    if state != "given" or rule is None or not rule.consent_age:
        return Accepted(None)
    born = await profiles.born(tx, about.subject)
    if old_enough(born, tx.now.date(), rule.consent_age):
        return Accepted(None)
    return Refused("consent-too-young", {"age": rule.consent_age})


async def keep(tx: Work, rules: Rules, about: About, state: str, proof: Proof) -> None:
    """Keep the choice, a consent for its purpose's time; tell it unless a later one stands already."""
    before = await choices.standing(tx, about)
    version = version_after(before, proof.made_at)
    rule = rules.get(about.purpose)
    lasts = rule.lasts if rule is not None and state == "given" else None
    await choices.add(tx, choices.Kept(about, state, version, proof, lasts))
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
        await _weigh(tx, rule, about, state, proof)


async def _weigh(tx: Work, rule: Rule | None, about: About, state: str, proof: Proof) -> None:
    """An objection that the house may weigh becomes a case; what a browser says simply stands."""
    if rule is not None and rule.weighed and state == "objected" and proof.place != "browser":
        await tx.announce(
            ObjectionRaisedV1(subject=about.subject, purpose=about.purpose, organisation=about.organisation)
        )
