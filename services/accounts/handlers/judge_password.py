"""How good a password is, for the meter beside its field."""

from collections.abc import Sequence

from chassis.decision import Refused
from chassis.routes import Call
from contracts.accounts.api import Judge, Strength
from services.accounts.strength import OF_VISITORS, good_enough, score_of


class JudgePassword:
    """POST /passwords/strength: what the meter beside the field shows. Nothing is kept."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)

    async def __call__(self, call: Call) -> Strength:
        """The score, and why a visitor's password would be refused."""
        asked: Judge = call.body
        password, words = asked.password.get_secret_value(), (*self._words, *asked.words)
        good = good_enough(password, words, OF_VISITORS)
        problem = good.slug if isinstance(good, Refused) else None
        return Strength(score=score_of(password, words), problem=problem)
