"""Whoever has a second factor needs it after the password, always: nothing falls back to less (G-71)."""

from datetime import timedelta
from uuid import UUID

from chassis.decision import Refused
from chassis.work import Work
from services.accounts.store import factors
from services.accounts.store.factors import Challenge
from services.accounts.visiting import fresh_secret, hashed

ANSWERED_WITHIN = timedelta(minutes=10)


async def second_factor_of(tx: Work, subject: UUID) -> Refused | None:
    """None for who has no second factor; else factor-needed, with a challenge to answer and the methods."""
    methods = await factors.methods(tx, subject)
    if not {"totp", "passkey"} & set(methods):
        return None
    token = fresh_secret()
    question = Challenge(subject, None)
    await factors.ask(tx, hashed(token), "log_in", tx.now + ANSWERED_WITHIN, question)
    return Refused("factor-needed", {"challenge": token, "methods": " ".join(methods)})
