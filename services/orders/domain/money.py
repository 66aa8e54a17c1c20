"""Money is integer cents with VAT included; VAT is rounded per line."""

from __future__ import annotations

BASIS_POINTS = 10_000


def vat_within(cents: int, basis_points: int) -> int:
    """The VAT that is inside an amount, rounded half up to the cent: 1210 at 21% holds 210 (W-07)."""
    whole = BASIS_POINTS + basis_points
    return (2 * cents * basis_points + whole) // (2 * whole)
