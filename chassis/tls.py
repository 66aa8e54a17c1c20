"""TLS towards broker and database: one authority, chain and host name always verified."""

from __future__ import annotations

import ssl
from pathlib import Path


def trusting(authority: Path | None) -> ssl.SSLContext | None:
    """A context that trusts this authority and none of the system's; None, and no TLS, where none is named.

    `authority` is a PEM file; FileNotFoundError or ssl.SSLError where it is none: nothing falls back.
    """
    return None if authority is None else ssl.create_default_context(cafile=authority)
