"""All choices of a person as they stand (G-60)."""

from chassis.routes import Call
from chassis.work import Workplace
from contracts.accounts.api import Choices
from services.accounts.store import choices


class ShowChoices:
    """GET /people/me/choices."""

    def __init__(self, work: Workplace) -> None:
        self._work = work

    async def __call__(self, call: Call) -> Choices:
        """Every choice; nobody has none by default, so the list may be empty."""
        sql = self._work.once("keeping_choices", call.actor)
        return Choices(choices=tuple(await choices.all_standing(sql, call.actor.id)))
