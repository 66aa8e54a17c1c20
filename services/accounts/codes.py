"""Codes of apps (RFC 6238): which step of time a code belongs to."""

from datetime import datetime

import pyotp
from pyotp.utils import strings_equal

from services.accounts.domain.factors import App

STEP = 30
"""Seconds that a code is shown for."""
DRIFT = 1
"""Steps before and after the present that count too, because clocks differ."""


def fresh_step(app: App, code: str, now: datetime) -> int | None:
    """The step of time whose code this is, later than the last one that was used; None for any other code."""
    present = int(now.timestamp()) // STEP
    steps = range(max(present - DRIFT, app.last_step + 1), present + DRIFT + 1)
    made = pyotp.TOTP(app.secret)
    return next((step for step in steps if strings_equal(made.generate_otp(step), code)), None)
