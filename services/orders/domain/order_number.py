"""Numbers of orders that a person can read out, and nobody can guess from another one."""

from __future__ import annotations

from uuid import UUID

# Without I, L, O and U: read aloud or copied by hand, each sign is itself and no word appears.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
# What people write for another sign, or put between groups.
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def number_from(random: UUID) -> str:
    """`AB12-CD34`: forty of the random bits of a version 4 UUID, two groups of four signs."""
    bits = random.int & ((1 << 62) - 1)  # The lower 62 bits of a version 4 UUID are all random.
    signs = "".join(SIGNS[(bits >> (5 * place)) & 31] for place in range(LENGTH))
    return f"{signs[:4]}-{signs[4:]}"


def read_number(typed: str) -> str | None:
    """A number as someone typed it, in its usual form; None where it cannot be one."""
    bare = typed.upper().translate(MISREAD)
    if len(bare) != LENGTH or any(sign not in SIGNS for sign in bare):
        return None
    return f"{bare[:4]}-{bare[4:]}"
