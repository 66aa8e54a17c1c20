"""A guest becomes part of an account: who may keep one, and whose choices count then (G-02, G-60).

What the account chose wins. A no is never turned into a yes: an objection of either holds for both, and a yes
counts for whoever said it. What only the guest chose becomes the account's, so that it stands on its page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from chassis.decision import Accepted, Refused
from services.accounts.domain.choices import Record

NOES = frozenset(("refused", "withdrawn", "objected"))
OBJECTED, EXPIRED = "objected", "expired"
Key = tuple[str, UUID | None, str]
"""Purpose, organisation and channel."""


@dataclass(frozen=True, slots=True)
class Guest:
    """What is known of whom a link speaks for; `kept_by` is the account that keeps them already."""

    subject: UUID
    forgotten: bool
    has_log_in: bool
    restricted: bool
    kept_by: UUID | None


def may_claim(guest: Guest, account: UUID, *, account_restricted: bool) -> Accepted[bool] | Refused:
    """Whether an account may keep a guest; the value is False where it does so already.

    Refusals: claim-gone, claim-of-account, claim-taken, claim-restricted.
    """
    if guest.forgotten:
        return Refused("claim-gone")
    if guest.has_log_in:
        return Refused("claim-of-account")
    if guest.kept_by is not None:
        return Accepted(False) if guest.kept_by == account else Refused("claim-taken")
    if guest.restricted or account_restricted:
        return Refused("claim-restricted")
    return Accepted(True)


@dataclass(frozen=True, slots=True)
class Carried:
    """A choice that holds for the other id too; `anew` where it takes the place of one that stands."""

    record: Record
    to: UUID
    anew: bool


def reconciled(
    account: UUID, guest: UUID, chosen: Mapping[Key, Record], said: Mapping[Key, Record]
) -> Iterator[Carried]:
    """What must be carried over: `chosen` stands for the account, `said` for the guest."""
    for key in sorted(chosen.keys() | said.keys(), key=str):
        mine, theirs = chosen.get(key), said.get(key)
        if theirs is not None and (mine is None or (theirs.state == OBJECTED and mine.state != OBJECTED)):
            if theirs.state != EXPIRED:
                yield Carried(theirs, account, anew=mine is not None)
        elif mine is not None and mine.state in NOES and (theirs is None or theirs.state not in NOES):
            yield Carried(mine, guest, anew=True)


def counts_for_all(state: str, *, said_by_account: bool) -> bool:
    """Whether a later choice holds for every id of a person: a guest says no for all, and yes for itself."""
    return state in NOES or (said_by_account and state != EXPIRED)
