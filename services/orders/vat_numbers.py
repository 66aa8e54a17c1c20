"""VAT numbers of the Union, read by the rules of each country; nobody outside is asked."""

from __future__ import annotations

from stdnum.eu import vat
from stdnum.exceptions import ValidationError


def read_vat_number(typed: str, country: str) -> str | None:
    """The number as registers write it, its country in front; None where it is none."""
    try:
        return str(vat.validate(typed if typed[:2].isalpha() else country + typed))
    except ValidationError:
        return None
