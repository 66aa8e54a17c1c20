"""A password that someone chooses: judged, then hashed (G-71)."""

from collections.abc import Sequence

from chassis.decision import Accepted, Refused
from contracts.actors import Role
from services.accounts.passwords import Passwords
from services.accounts.strength import demand_on, good_enough


class ChoosePassword:
    """Judges and hashes; `words` of the house are as easy to guess as those of the person."""

    def __init__(self, passwords: Passwords, words: Sequence[str]) -> None:
        self._passwords = passwords
        self._words = tuple(words)

    async def __call__(self, password: str, role: Role, *words: str) -> Accepted[str] | Refused:
        """The hash to store; or password-too-short, password-known, password-weak, log-in-busy."""
        good = good_enough(password, (*self._words, *words), demand_on(role))
        return good if isinstance(good, Refused) else await self._passwords.hash(password)
