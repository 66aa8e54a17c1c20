"""Numbers of an organisation: its account for pay-outs, its place in a register. Nobody outside is asked."""

from __future__ import annotations

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.eu import vat
from stdnum.exceptions import ValidationError

WITHOUT_OTHER = frozenset({"BE"})
"""Countries in which the number in the register is the VAT number."""


def read_iban(typed: str) -> str | None:
    """The account as banks write it, without blanks; None where a digit is wrong or no country has it."""
    try:
        return IBAN(typed, validate_bban=True).compact
    except SchwiftyException:
        return None


def read_registration(typed: str, country: str) -> str | None:
    """A VAT number with its country in front, or the number of another register as it was typed."""
    try:
        return str(vat.validate(typed if typed[:2].isalpha() else country + typed))
    except ValidationError:
        return None if country in WITHOUT_OTHER or typed[:2].isalpha() else typed
