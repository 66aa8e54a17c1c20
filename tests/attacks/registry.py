"""Every attack there is, by wall."""

from __future__ import annotations

from collections.abc import Sequence

from tests.attacks import (
    access_log,
    broker,
    http_accounts,
    http_choices,
    http_claims,
    http_doors,
    http_factors,
    http_gateway,
    http_input,
    http_logins,
    http_organisations,
    http_outside,
    http_tokens,
    http_waiting,
    postgres_columns,
    postgres_gates,
    postgres_places,
    postgres_pool,
    postgres_roles,
    postgres_rows,
    stories,
)
from tests.attacks.attack import Attack
from tests.attacks.ground import Ground

WALLS = (
    postgres_columns,
    postgres_rows,
    postgres_gates,
    postgres_roles,
    postgres_places,
    postgres_pool,
    broker,
    http_tokens,
    http_doors,
    http_input,
    http_organisations,
    http_outside,
    http_gateway,
    http_logins,
    http_accounts,
    http_claims,
    http_choices,
    http_factors,
    http_waiting,
    access_log,
    stories,
)


def all_attacks() -> Sequence[Attack[Ground]]:
    """In the order in which they are tried."""
    return [attack for wall in WALLS for attack in wall.attacks()]
