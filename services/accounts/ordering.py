"""Letters about an account: accounts says which, to whom, until when; notify signs the link and sends it."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

from chassis.work import Work
from contracts.accounts.events import LetterOrderedV1
from services.accounts.store import letters, people
from services.accounts.store.letters import Letter

NOTICE_COUNTS = timedelta(days=1)
"""A notice that could not be sent for a day says nothing worth knowing any more."""
Linked = Literal["register", "reset", "email_new", "email_old"]
Notice = Literal[
    "exists",
    "new_device",
    "new_password",
    "factor_added",
    "factor_removed",
    "recovery_used",
    "recovery_renewed",
    "role_given",
    "role_ended",
    "organisation_verified",
    "organisation_refused",
    "organisation_suspended",
    "organisation_ended",
    "organisation_changed",
    "organisation_joined",
    "organisation_left",
    "organisation_key",
]
Invitation = Literal["invited", "organisation_invited"]


async def order_linked(tx: Work, kind: Linked, letter: Letter, name: str | None, locale: str) -> None:
    """A letter with a link that may be used once, until it expires."""
    await letters.keep(tx, letter)
    await tx.announce(
        LetterOrderedV1(
            subject=letter.subject,
            letter=letter.id,
            kind=kind,
            email=letter.email,
            name=name,
            locale=locale,
            expires_at=letter.expires_at,
        )
    )


async def order_notice(tx: Work, subject: UUID, kind: Notice, email: str | None = None) -> None:
    """A letter that only tells something, to a person's own address unless another one is named."""
    found = await people.reach(tx, subject)
    if found is None:
        return
    name, own, locale = found
    await tx.announce(
        LetterOrderedV1(
            subject=subject,
            letter=uuid4(),
            kind=kind,
            email=email or own,
            name=name if email is None else None,
            locale=locale,
            expires_at=tx.now + NOTICE_COUNTS,
        )
    )


async def order_invitation(
    tx: Work, email: str, locale: str, until: datetime, kind: Invitation = "invited"
) -> None:
    """A letter to an address that need not be anybody's: its account answers, the letter opens nothing."""
    await tx.announce(
        LetterOrderedV1(
            subject=uuid4(),
            letter=uuid4(),
            kind=kind,
            email=email,
            name=None,
            locale=locale,
            expires_at=until,
        )
    )
