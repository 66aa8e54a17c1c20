"""A log-in was ended from elsewhere: whoever still holds its cookie is a stranger from now on (G-71)."""

from chassis.heard import Heard
from chassis.work import Workplace
from contracts.accounts.events import SessionEndedV1
from contracts.actors import SYSTEM
from services.gateway.store import sessions


class ForgetLogin:
    """accounts.session.ended."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, heard: Heard[SessionEndedV1]) -> None:
        """End the session; one that is gone stays gone."""
        async with self._work("security", SYSTEM) as tx:
            if await tx.first_sight_of(heard):
                await sessions.remove_login(tx, heard.event.session)
