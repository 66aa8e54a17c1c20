"""What each purpose may do with the technical tables: the same in every service, so no charter repeats it."""

from __future__ import annotations

from chassis.charter import KEEPING_CHOICES, RIGHTS, STORAGE_LIMITATION, Charter, Table, Use
from chassis.terms import Step, anonymisation_steps, erasure_steps, sweep_steps
from chassis.work import CARRY
from deploy.topology.access import log_uses

LETTER = ("id", "topic", "subject", "body", "born_at", "next_try", "request_id", "traceparent")
TAKEN_UP = ("id", "topic", "seen_at", "subject")
CHOICE = ("subject", "purpose", "organisation", "channel", "state", "version")
KEY = ("subject", "key", "purpose", "body_hash", "status", "outcome", "made_at", "expires_at")
COPY = ("request", "subject", "sealed", "made_at", "expires_at")
STONE = ("subject", "case_id", "erased_at", "receipt")
EXPIRING = {
    "sent": "sent_at",
    "inbox": "seen_at",
    "parked": "expires_at",
    "idempotency_key": "expires_at",
    "copy_part": "expires_at",
    "revoked_actor": "expires_at",
}
PARKED = (
    "id",
    "topic",
    "subject",
    "body",
    "purpose",
    "attempts",
    "next_try",
    "parked_at",
    "expires_at",
    "fault",
)


def technical_uses(charter: Charter, purpose: str) -> dict[str, Use]:
    """The uses of one purpose, or of `carry`, that come with the machinery itself."""
    if purpose == CARRY:
        return _carrying()
    known = charter.purpose[purpose]
    uses: dict[str, Use] = {"gate": Use(select=CHOICE)}
    if known.says:
        uses["outbox"] = Use(insert=LETTER)
    if known.hears:
        uses["inbox"] = Use(insert=TAKEN_UP)
    if known.hears or known.of_people:
        uses["tombstone"] = Use(select=("subject",))
    if known.of_people or purpose == KEEPING_CHOICES:
        uses["claimed_guest"] = Use(select=("guest", "account"))
    if known.of_people:
        uses["idempotency_key"] = Use(select=KEY, insert=KEY)
    if purpose in (RIGHTS, STORAGE_LIMITATION):
        uses = _forgetting(charter, purpose, uses)
    return uses | log_uses(charter, purpose)


def _carrying() -> dict[str, Use]:
    letter = (*LETTER, "attempts")
    return {
        "outbox": Use(select=letter, update=("next_try", "attempts"), delete=True),
        "sent": Use(insert=("id", "topic", "sent_at")),
        "parked": Use(select=PARKED, insert=PARKED, update=("attempts", "next_try", "fault"), delete=True),
    }


def _forgetting(charter: Charter, purpose: str, uses: dict[str, Use]) -> dict[str, Use]:
    """Copies and erasures for `rights`, terms and anonymisation for `storage_limitation`."""
    for step in _steps(charter, purpose):
        known = uses.get(step.table, Use())
        more = Use(
            select=_seen(charter.table[step.table]), update=step.columns, delete=step.action == "delete"
        )
        uses[step.table] = _together(known, more)
    ageing = purpose == STORAGE_LIMITATION
    more_uses = {"tombstone": Use(select=STONE, insert=STONE, delete=ageing)}
    if ageing:
        more_uses |= {name: Use(select=(since,), delete=True) for name, since in EXPIRING.items()}
    else:
        more_uses["claimed_guest"] = Use(insert=("guest", "account", "claimed_at"))
        more_uses["copy_part"] = Use(select=COPY, insert=COPY, delete=True)
    for name, use in more_uses.items():
        uses[name] = _together(uses.get(name, Use()), use)
    return uses


def _steps(charter: Charter, purpose: str) -> list[Step]:
    if purpose == RIGHTS:
        return list(erasure_steps(charter))
    due = [step for job in charter.jobs() for step in sweep_steps(charter, job)]
    return [
        step
        for step in (*anonymisation_steps(charter), *due)
        if charter.table[step.table].on_erasure != "log"
    ]


def _together(first: Use, second: Use) -> Use:
    return Use(
        select=tuple(dict.fromkeys((*first.select, *second.select))),
        insert=tuple(dict.fromkeys((*first.insert, *second.insert))),
        update=tuple(dict.fromkeys((*first.update, *second.update))),
        delete=first.delete or second.delete,
    )


def _seen(table: Table) -> tuple[str, ...]:
    """What rights and terms may look at: everything but secrets, which are erased unread."""
    own = [name for name in (table.subject, table.organisation) if name]
    open_ones = [name for name in table.personal_columns if not table.column[name].secret]
    return tuple(dict.fromkeys((*own, *table.free_columns, *open_ones)))
