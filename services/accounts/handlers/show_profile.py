"""What somebody added about themselves, for them alone (G-10)."""

from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.profile import Profile
from services.accounts.store import profiles


class ShowProfile:
    """GET /people/me/profile."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Profile:
        """The profile; empty where nothing was added."""
        return await profiles.read(self._work.once("account", call.actor), call.actor.id)
