"""The access log's wall: whoever looks writes it, whom it is about reads it, its term lets it go."""

from __future__ import annotations

from chassis.access import COLUMNS, touches_people
from chassis.charter import RIGHTS, STORAGE_LIMITATION, Charter, Use
from contracts.actors import STAFF

SECURITY = "security"
ENTRY, SUBJECT, SEAL, HASH = "access_entry", "access_subject", "access_seal", "access_hash"
ABOUT_ME = ("id", "at", "role", "organisation", "purpose", "reason", "kind")
ACTOR = "NULLIF(current_setting('app.actor', true), '')::uuid"
OWN_GUESTS = f"SELECT c.guest FROM claimed_guest c WHERE c.account = {ACTOR}"
MINE = (
    f"EXISTS (SELECT FROM {SUBJECT} s WHERE s.entry = {ENTRY}.id"
    f" AND (s.subject = {ACTOR} OR s.subject IN ({OWN_GUESTS})))"
)


def log_uses(charter: Charter, purpose: str) -> dict[str, Use]:
    """What one purpose may do with the log; nobody may change a row."""
    known = charter.purpose[purpose]
    looks = set(known.actors) & STAFF and touches_people(charter, purpose)
    entry, subject = Use(), Use()
    if looks:
        entry = Use(insert=tuple(COLUMNS.split(", ")))
        subject = Use(insert=("subject", "at", "entry"))
    if known.bulk:
        entry = entry.model_copy(update={"select": ("at", "purpose", "kind", "about", "seen")})
    if purpose == RIGHTS:
        # The actor is left out: a visitor reads which role it was, never who.
        entry = entry.model_copy(update={"select": tuple(dict.fromkeys((*ABOUT_ME, *entry.select)))})
        subject = subject.model_copy(update={"select": ("subject", "at", "entry")})
    if purpose == STORAGE_LIMITATION:
        entry = entry.model_copy(update={"select": ("at",), "delete": True})
        subject = subject.model_copy(update={"select": ("at",), "delete": True})
    uses = {ENTRY: entry, SUBJECT: subject}
    if purpose == SECURITY:
        uses[ENTRY] = entry.model_copy(update={"select": ("id", "at", "hash")})
        uses |= {name: Use(select=("*",), insert=("*",)) for name in (SEAL, HASH)}
    return {name: use for name, use in uses.items() if use != Use()}


def log_rows(charter: Charter, table: str, command: str, purpose: str) -> str:
    """Which rows of the log a purpose may read, write or let go, as a condition."""
    if command == "INSERT":
        honest = f"actor = {ACTOR} AND (purpose = '{purpose}' OR kind = 'export')"
        return honest if table == ENTRY else "true"
    if purpose == STORAGE_LIMITATION:
        return f"at <= now() - interval '{charter.keep['looked_at'].term}'"
    if purpose == SECURITY:
        return "true"
    if table == SUBJECT:
        return f"subject = {ACTOR} OR subject IN ({OWN_GUESTS})"
    own = [f"actor = {ACTOR}"] if charter.purpose[purpose].bulk else []
    return " OR ".join((*own, MINE)) if purpose == RIGHTS else own[0]
