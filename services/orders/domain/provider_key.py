"""Which mode of the payment provider a key opens, and where each may be used."""

from __future__ import annotations

from typing import Literal

Mode = Literal["live", "test"]


def mode_for(key: str, *, production: bool) -> Mode:
    """The mode of a key, by its prefix: live in production, test everywhere else; ValueError otherwise.

    A house that sold in test mode would give tickets for no money; a developer with a live key would take
    money for nothing. So neither starts.
    """
    if not key.startswith(("live_", "test_")):
        raise ValueError("the secret `mollie` is no API key")
    mode: Mode = "live" if key.startswith("live_") else "test"
    if production and mode == "test":
        raise ValueError("the secret `mollie` is a test key, which is for no house in production")
    if not production and mode == "live":
        raise ValueError("the secret `mollie` is a live key, which is for a house in production alone")
    return mode
