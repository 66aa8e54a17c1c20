"""Someone may no longer act (G-71): the role goes, sessions end, services refuse the tokens that are left."""

from chassis.work import Workplace
from contracts.accounts.events import ActorRevokedV1
from contracts.actors import SYSTEM
from services.accounts.passwords import user_key
from services.accounts.store import sessions


class RevokeActor:
    """For the command line of whoever runs the house."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, user: str) -> bool:
        """Whether there was such a user; a second time revokes again, which does no harm."""
        async with self._work("security", SYSTEM) as tx:
            subject = await sessions.subject_of(tx, user_key(user))
            if subject is None:
                return False
            await sessions.dismiss(tx, subject)
            await tx.announce(ActorRevokedV1(actor=subject))
            return True
