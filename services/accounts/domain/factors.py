"""Second factors (G-71): which code an app would show, which codes bring somebody back, who must have one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from contracts.actors import STAFF, Role

RECOVERY_CODES = 10
ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of recovery codes, without what is easily misread; 16 of these are 80 bits."""
GROUPS, GROUP = 4, 4


@dataclass(frozen=True, slots=True)
class App:
    """An app that makes codes, with its secret opened."""

    id: UUID
    secret: str
    last_step: int


def must_have_factor(role: Role) -> bool:
    """Whether somebody in this role may not act by a password alone."""
    return role in STAFF


def bare(typed: str) -> str:
    """A code as it is compared: without blanks and hyphens, in capitals."""
    return "".join(sign for sign in typed if sign.isalnum()).upper()


def is_app_code(code: str) -> bool:
    """Whether this is a code as apps show it; everything else may be a recovery code."""
    return len(code) == 6 and code.isascii() and code.isdigit()


def recovery_codes(choose: Callable[[Sequence[str]], str]) -> tuple[str, ...]:
    """Ten codes to write down; `choose` picks one sign at random."""
    return tuple(
        "-".join("".join(choose(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
        for _ in range(RECOVERY_CODES)
    )
