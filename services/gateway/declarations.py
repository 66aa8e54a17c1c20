"""What the house declares about personal data, read from the files that its walls are generated from.

Pages never have privacy texts of their own: a reader sees the purposes of contracts/purposes.toml and the
terms of the services' charters, the same that make roles, grants and sweeps (W-21, W-50).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from chassis.activities import Activity, Held, activities, days
from chassis.charter import Charter, all_charters
from chassis.countries import known_countries
from chassis.purposes import known_purposes
from chassis.recipients import BY_AGREEMENT, Recipient, read_recipients
from chassis.statement import Version, dated, digest, receivers, statement, versions
from chassis.wordings import of_the_page
from contracts.texts import Text
from services.gateway.domain.preferences import Asked, Offered

PRECEDENCE = ("name", "email", "phone", "locale", "purchase", "seat", "payment_reference", "choice")


@dataclass(frozen=True)
class Purpose:
    """Why data is used; `gate` says whether it waits for a consent or stops at an objection.

    A consent `lasts` an ISO 8601 duration; `channels` are the ways in which people may be reached.
    """

    id: str
    basis: str
    article: str
    law: str
    gate: Literal["none", "consent", "objection"]
    title: Text
    why: Text
    channels: tuple[str, ...]
    lasts: str | None


@dataclass(frozen=True)
class Kept:
    """Categories that some services keep equally long: an ISO 8601 term, and whether activity renews it."""

    services: tuple[str, ...]
    categories: tuple[str, ...]
    term: str
    since_activity: bool
    then: str

    @property
    def briefly(self) -> bool:
        """Whether this lasts hours at most."""
        return days(self.term) < 1


@dataclass(frozen=True)
class StatementLine:
    """One purpose of the public statement: what is kept where, longest first, and who gets something."""

    purpose: Purpose
    kept: tuple[Kept, ...]
    recipients: tuple[Recipient, ...]
    co_presenters: bool


@dataclass(frozen=True)
class Published:
    """The statement as it stands: linked data, its version, whether it is newer, all versions."""

    content: Mapping[str, Any]
    version: Version | None
    newer: bool
    versions: tuple[Version, ...]
    consent_age: int


@dataclass(frozen=True)
class Declarations:
    """Purposes by id, every use (purpose, category, ISO 8601 term), and what each service does."""

    purposes: Mapping[str, Purpose]
    uses: frozenset[tuple[str, str, str]]
    done: tuple[Activity, ...]
    published: tuple[Version, ...]

    def longest_term(self, purpose: str, categories: Iterable[str]) -> str | None:
        """The longest term of these categories for a purpose; None where they are kept for hours at most."""
        wanted = set(categories)
        terms = {term for one, category, term in self.uses if one == purpose and category in wanted}
        return max((term for term in terms if days(term) >= 1), key=days, default=None)

    def offered(self) -> tuple[Offered, ...]:
        """What the page of choices asks about."""
        asked = ((one, of_the_page(one.id)) for one in self.purposes.values() if one.gate != "none")
        return tuple(
            Offered(one.id, one.gate, one.channels, Asked(words.id, words.about, words.text))
            for one, words in asked
            if words is not None
        )

    def statement(self, recipients: Sequence[Recipient]) -> tuple[StatementLine, ...]:
        """Every purpose that some service uses personal data for, in the order of purposes.toml."""
        purposes = groupby(self.done, key=lambda one: one.purpose.id)
        return tuple(_line(self.purposes[name], tuple(done), recipients) for name, done in purposes)

    def publish(self, house: Mapping[str, Any]) -> Published:
        """The statement of a house as linked data, with its date where it is a published version (W-50)."""
        content = statement(house, self.done, read_recipients(house))
        newest = self.published[0] if self.published else None
        same = newest is not None and newest.digest == digest(content)
        told = dated(content, newest.day) if newest is not None and same else content
        age = known_countries()[house["house"]["country"]].consent_age
        return Published(told, newest, not same, self.published, age)


def _line(purpose: Purpose, done: Sequence[Activity], recipients: Sequence[Recipient]) -> StatementLine:
    named = {to for one in done for to in receivers(one, recipients)}
    handed = tuple(to for to in recipients if to.id in named)
    return StatementLine(purpose, tuple(_kept(done)), handed, BY_AGREEMENT in named)


def _kept(done: Sequence[Activity]) -> Iterator[Kept]:
    """What is kept alike stands together: by services, term and what renews it."""
    services: dict[Held, list[str]] = {}
    for one in done:
        for held in one.held:
            services.setdefault(held, []).append(one.service)
    together: dict[tuple[tuple[str, ...], str, bool, str], list[str]] = {}
    for held, names in services.items():
        how = (tuple(names), held.term, held.since_activity, held.then)
        together.setdefault(how, []).append(held.category.value)
    for how in sorted(together, key=lambda how: -days(how[1])):
        yield Kept(how[0], tuple(sorted(together[how], key=_rank)), *how[1:])


def _rank(category: str) -> tuple[int, str]:
    return (PRECEDENCE.index(category) if category in PRECEDENCE else len(PRECEDENCE), category)


def _purposes(country: str) -> dict[str, Purpose]:
    found, rules = {}, known_countries()[country]
    for name, known in known_purposes().items():
        ground = known.ground(country)
        found[name] = Purpose(
            name,
            ground.basis,
            ground.article,
            ground.law,
            known.gate,
            known.title,
            known.why,
            known.channels(rules),
            known.consent_lasts,
        )
    return found


def _uses(charter: Charter) -> Iterator[tuple[str, str, str]]:
    for one in activities({charter.service: charter}):
        for held in one.held:
            yield one.purpose.id, held.category.value, held.term


def read_declarations(root: Path, country: str = "BE") -> Declarations:
    """Read the purposes, all charters and the published versions below `root`; CharterError for a bad one."""
    charters = all_charters(root)
    uses = frozenset(use for charter in charters.values() for use in _uses(charter))
    return Declarations(_purposes(country), uses, activities(charters), versions(root))
