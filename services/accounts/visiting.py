"""How a session begins, on a device that is known from now on, and how it ends from elsewhere."""

import hashlib
import secrets
from uuid import UUID, uuid4

from chassis.work import Work
from contracts.accounts.api import Origin, Session
from contracts.accounts.events import ActivitySeenV1, ActorRevokedV1, SessionEndedV1
from contracts.actors import Role
from services.accounts.domain.entrance import Entrance, Lengths
from services.accounts.domain.factors import must_have_factor
from services.accounts.store import devices, sessions

SECRET_BYTES = 32


def hashed(secret: str) -> bytes:
    """How a secret of ours is stored: it has 256 random bits, so a plain hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).digest()


def fresh_secret() -> str:
    """256 random bits, as text."""
    return secrets.token_urlsafe(SECRET_BYTES)


async def open_session(
    tx: Work, subject: UUID, lengths: Lengths, entrance: Entrance, device: str | None = None
) -> Session | None:
    """A session of a person (purpose account), or None where they are gone; a known `device` is kept.

    Who works here and came by one factor alone is a visitor until they have a second one.
    """
    holder = await sessions.who(tx, subject) if await tx.remembers(subject) else None
    if holder is None:
        return None
    due = must_have_factor(holder.actor.role) and not entrance.strong
    length = lengths.of(holder.actor.role)
    session, secret, until = uuid4(), fresh_secret(), tx.now + length.whole
    started = sessions.Started(session, subject, until, length.idle, entrance)
    await sessions.start(tx, hashed(secret), started, tx.now)
    # Staff too: whoever does not log in for seven years is forgotten, whatever their role (G-41).
    await tx.announce(ActivitySeenV1(subject=subject, day=tx.now.date()))
    return Session(
        id=session,
        secret=secret,
        actor=holder.actor.id,
        role=Role.VISITOR if due else holder.actor.role,
        organisation=None if due else holder.actor.organisation,
        display_name=holder.name,
        expires_at=until,
        device=device or fresh_secret(),
        due=due,
    )


async def note_arrival(tx: Work, session: Session, origin: Origin) -> None:
    """Note the log-in and its device for thirty days (purpose security, G-11)."""
    await devices.remember(tx, hashed(session.device), session.actor, tx.now)
    await devices.arrived(tx, session.id, session.actor, origin, tx.now)


async def end_all_but(tx: Work, subject: UUID, kept: UUID | None, only: UUID | None = None) -> None:
    """End sessions of a person and tell the gateway: all but one, or only one (purpose account)."""
    for ended in await sessions.end_some(tx, subject, kept, only):
        await tx.announce(SessionEndedV1(subject=subject, session=ended))


async def let_go(tx: Work, subject: UUID) -> None:
    """Somebody leaves: the role goes, sessions end, and services refuse the tokens that are left (G-71)."""
    await end_all_but(tx, subject, None)
    await sessions.dismiss(tx, subject)
    await tx.announce(ActorRevokedV1(actor=subject))
