"""A service's charter: what it holds, why, for whom, how long, then what (W-11, W-20, W-21).

Charters are read from TOML and are the single source of grants, row policies, erasure, copies and sweeps.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chassis.charter_check import check_words
from chassis.charter_words import KEEPING_CHOICES, RIGHTS, STORAGE_LIMITATION, CharterError, sentence
from contracts.actors import Role
from contracts.personal import Category

__all__ = [
    "KEEPING_CHOICES",
    "RIGHTS",
    "STORAGE_LIMITATION",
    "Charter",
    "CharterError",
    "Keep",
    "Purpose",
    "Table",
    "Use",
    "all_charters",
]

CHASSIS_CHARTER = Path(__file__).with_name("charter.toml")
CHASSIS_MIGRATIONS = Path(__file__).with_name("migrations")
_IDENTIFIER = r"^[a-z][a-z0-9_]{0,40}$"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Use(_Part):
    """Columns of one table that a purpose may touch; `select` covers the columns of WHERE.

    A purpose that people can refuse says by which `channel` it uses the people of a table, or "*" where
    that makes no difference: choices about other channels do not count.
    """

    select: tuple[str, ...] = ()
    insert: tuple[str, ...] = ()
    update: tuple[str, ...] = ()
    delete: bool = False
    channel: str | None = None


class Purpose(_Part):
    """Who may act for a purpose, what it may say and hear, and what it may touch.

    `sees_choices_of` lists other purposes whose rows of the gate this one may read; `hears_for` lists
    purposes that what it hears is handed on to within the service. With `organisation`
    (or where only organisers act) it sees only rows of the actor's own organisation.

    `while_restricted` says what becomes of people who restricted processing (Art. 18): they are hidden, but
    from themselves; or their rows are only `stored` on, by their ids; or nothing happens here but at the
    person's `own_request`, which is the consent of Art. 18(2).

    `bulk` names the actors of staff who may look at many people at once, within limits.
    """

    actors: tuple[Role, ...] = ()
    bulk: tuple[Role, ...] = ()
    says: tuple[str, ...] = ()
    hears: tuple[str, ...] = ()
    hears_for: tuple[str, ...] = ()
    hot: bool = False
    organisation: bool = False
    while_restricted: Literal["hidden", "stored", "own_request"] = "hidden"
    sees_choices_of: tuple[str, ...] = ()
    uses: dict[str, Use] = Field(default_factory=dict)

    @property
    def of_one_organisation(self) -> bool:
        """Whether row policies compare the organisation that the actor acts for."""
        return self.organisation or self.actors == (Role.ORGANISER,)

    @property
    def of_people(self) -> bool:
        """Whether somebody else than the house itself acts for this purpose."""
        return bool(set(self.actors) - {Role.SYSTEM_JOB})


class Keep(_Part):
    """How long, since which column (or since the last activity, which retention knows), and then what."""

    since: str
    term: str
    then: Literal["erase", "anonymise", "books"]
    job: str = "sweep"
    books_term: str = "P10Y"


class Column(_Part):
    """One column of personal data.

    A `secret`, such as a password hash, is erased like the rest; a copy only says that it is there.
    """

    category: Category
    purposes: tuple[str, ...] = Field(min_length=1)
    keep: str
    secret: bool = False


class Table(_Part):
    """One table: free of personal data as a whole, or with a subject and explained columns.

    `keep` is the rule for rows whose only personal data is the subject id, and `serves` the purposes of
    that. A free table whose rows `tells` something of whoever stands in another one, `through`, does so
    until that row goes. `copied = false` leaves out what is itself a copy. A `log` proves who did what: no
    erasure touches it, nobody but its own jobs reads it, and it goes when its term is over.
    """

    free: bool | tuple[str, ...] = ()
    about: str = ""
    subject: str | None = None
    organisation: str | None = None
    on_erasure: Literal["erase", "anonymise", "books", "keep", "log"] = "erase"
    column: dict[str, Column] = Field(default_factory=dict)
    keep: str | None = None
    serves: tuple[str, ...] = ()
    tells: tuple[Category, ...] = ()
    through: str | None = None
    copied: bool = True

    @property
    def free_columns(self) -> tuple[str, ...]:
        """Columns declared free of personal data."""
        return () if isinstance(self.free, bool) else self.free

    @property
    def personal_columns(self) -> tuple[str, ...]:
        """Columns with personal data; the subject's own id may be explained among them."""
        return tuple(self.column)

    @property
    def held_for(self) -> frozenset[str]:
        """Every purpose that something of a person stands here for."""
        return frozenset((*self.serves, *(word for one in self.column.values() for word in one.purposes)))

    @property
    def rules(self) -> dict[str, tuple[str, ...]]:
        """The keep rules used here, each with its columns; the table's own rule has none."""
        found: dict[str, tuple[str, ...]] = {self.keep: ()} if self.keep else {}
        for name, column in self.column.items():
            found[column.keep] = (*found.get(column.keep, ()), name)
        return found


class Charter(_Part):
    """The charter of one service, the chassis' own tables included."""

    service: str = Field(pattern=_IDENTIFIER)
    purpose: dict[str, Purpose] = Field(default_factory=dict)
    keep: dict[str, Keep] = Field(default_factory=dict)
    table: dict[str, Table] = Field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Charter:
        """Read `services/<s>/charter.toml`, merged with the chassis' own; raises CharterError."""
        place = "/".join(path.parts[-2:])
        own = _parse(path, place)
        try:
            charter = cls.model_validate(_merged(_parse(CHASSIS_CHARTER, "chassis/charter.toml"), own, place))
        except ValidationError as refused:
            raise CharterError(*[sentence(place, error) for error in refused.errors()]) from None
        # The check knows charters, so it is looked up here and not above.
        check_words(charter, place)
        return charter

    def purpose_role(self, purpose: str) -> str:
        """The PostgreSQL login of a purpose."""
        return f"{self.service}__{purpose}"

    def says(self) -> frozenset[str]:
        """Every topic that some purpose of this service may announce."""
        return frozenset(topic for purpose in self.purpose.values() for topic in purpose.says)

    def hears(self) -> dict[str, str]:
        """Every topic that this service hears, with the purpose it is handled for."""
        return {topic: name for name, purpose in self.purpose.items() for topic in purpose.hears}

    def jobs(self) -> frozenset[str]:
        """The jobs that carry out the terms of this charter; each must exist (storage limitation)."""
        return frozenset(rule.job for rule in self.keep.values())

    def tables_of_persons(self) -> dict[str, Table]:
        """Every table with a subject, by name: what erasure, anonymisation and copies go through."""
        return {name: table for name, table in self.table.items() if table.subject}


def all_charters(root: Path) -> dict[str, Charter]:
    """Every service's charter by service name; `root` is the folder that holds services/."""
    found = [Charter.read(path) for path in sorted((root / "services").glob("*/charter.toml"))]
    return {charter.service: charter for charter in found}


def _parse(path: Path, place: str) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise CharterError(f"{place}: is not TOML: {fault}") from None


def _merged(base: dict[str, Any], own: dict[str, Any], place: str) -> dict[str, Any]:
    merged: dict[str, Any] = {**own}
    for section in ("keep", "table"):
        both = sorted(set(base.get(section, {})) & set(own.get(section, {})))
        if both:
            raise CharterError(
                *[f"{place}: [{section}.{name}] belongs to chassis/charter.toml" for name in both]
            )
        merged[section] = {**base.get(section, {}), **own.get(section, {})}
    purposes = {**base.get("purpose", {})}
    for name, purpose in own.get("purpose", {}).items():
        purposes[name] = _one_purpose(purposes.get(name, {}), purpose)
    merged["purpose"] = purposes
    return merged


def _one_purpose(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    merged = {**base, **own, "uses": {**base.get("uses", {}), **own.get("uses", {})}}
    for words in ("actors", "bulk", "says", "hears", "hears_for", "sees_choices_of"):
        merged[words] = sorted({*base.get(words, []), *own.get(words, [])})
    return merged
