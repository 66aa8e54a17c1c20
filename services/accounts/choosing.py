"""Keeps one choice with its proof, numbers it, and tells every service's gate (Art. 7 and 21, F-67)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from chassis.countries import Country
from chassis.decision import Accepted, Refused
from chassis.purposes import KnownPurpose
from chassis.wordings import fits, of_the_page
from chassis.work import Work
from contracts.accounts.events import ChoiceSetV1, ObjectionRaisedV1
from services.accounts.domain.ages import old_enough
from services.accounts.domain.choices import About, Proof, Rule, Rules, version_after
from services.accounts.domain.claiming import counts_for_all, reconciled
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
    """Keep the choice, and for the other ids of the same person what holds for all of them."""
    counted = await keep_one(tx, rules, about, state, proof)
    if counted:
        await _weigh(tx, rules.get(about.purpose), about, state, proof)
    for other in await _others(tx, about.subject, state) if counted else ():
        same = replace(about, subject=other)
        standing = await choices.standing(tx, same)
        if standing is None or standing.state != state or state == "given":
            await keep_one(tx, rules, same, state, proof)


async def _others(tx: Work, subject: UUID, state: str) -> Sequence[UUID]:
    """Under which other ids of this person a choice counts: guests that an account keeps, and the account."""
    family = await choices.family_of(tx, subject)
    accounts = {account for _, account in family}
    if not counts_for_all(state, said_by_account=subject in accounts):
        return ()
    return sorted({one for pair in family for one in pair} - {subject})


async def keep_one(tx: Work, rules: Rules, about: About, state: str, proof: Proof) -> bool:
    """Keep the choice under one id, a consent for its purpose's time; tell it.

    False where a later one stands already, and then nothing is told.
    """
    before = await choices.standing(tx, about)
    version = version_after(before, proof.made_at)
    rule = rules.get(about.purpose)
    lasts = rule.lasts if rule is not None and state == "given" else None
    await choices.add(tx, choices.Kept(about, state, version, proof, lasts))
    if version == 0:
        return False
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
    return True


async def join(tx: Work, rules: Rules, account: UUID, guest: UUID) -> None:
    """Carry over what must hold for an account and a guest that it keeps; again changes nothing.

    Each keeps its own proof; one that takes another's place counts from now.
    """
    await choices.take_turns(tx, account)
    chosen, said = await choices.standing_of(tx, account), await choices.standing_of(tx, guest)
    for one in reconciled(account, guest, chosen, said):
        record = one.record
        about = About(one.to, record.purpose, record.organisation_id, record.channel)
        at = tx.now if one.anew else record.made_at
        proof = Proof(record.wording, record.language, record.place, at, record.case_number)
        await keep_one(tx, rules, about, record.state, proof)


async def _weigh(tx: Work, rule: Rule | None, about: About, state: str, proof: Proof) -> None:
    """An objection that the house may weigh becomes a case; what a browser says simply stands."""
    if rule is not None and rule.weighed and state == "objected" and proof.place != "browser":
        await tx.announce(
            ObjectionRaisedV1(subject=about.subject, purpose=about.purpose, organisation=about.organisation)
        )
