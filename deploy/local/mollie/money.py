"""Amounts as Mollie takes them: a string with exactly the decimals of its currency."""

import re
from dataclasses import dataclass

from deploy.local.mollie.problems import Problem

# Currencies and their decimals: https://docs.mollie.com/payments/multicurrency
DECIMALS = {
    "AED": 2, "AUD": 2, "BGN": 2, "BRL": 2, "CAD": 2, "CHF": 2, "CZK": 2, "DKK": 2, "EUR": 2, "GBP": 2,
    "HKD": 2, "HUF": 2, "ILS": 2, "ISK": 0, "JPY": 0, "MXN": 2, "MYR": 2, "NOK": 2, "NZD": 2, "PHP": 2,
    "PLN": 2, "RON": 2, "RUB": 2, "SEK": 2, "SGD": 2, "THB": 2, "TWD": 2, "USD": 2, "ZAR": 2,
}  # fmt: skip
MAXIMUM = 50_000_00


@dataclass(frozen=True)
class Money:
    """An amount in the smallest unit of its currency (cents for EUR, yen for JPY)."""

    currency: str
    units: int

    def document(self) -> dict[str, str]:
        """{"currency": "EUR", "value": "10.00"}."""
        decimals = DECIMALS[self.currency]
        sign, units = ("-" if self.units < 0 else ""), abs(self.units)
        value = f"{units // 10**decimals}.{units % 10**decimals:0{decimals}d}" if decimals else str(units)
        return {"currency": self.currency, "value": sign + value}


def read_money(given: object, field: str = "amount") -> Money | Problem:
    """The amount of a request body, or the 422 that Mollie answers."""
    if not isinstance(given, dict) or "value" not in given or "currency" not in given:
        return Problem(422, "The amount is required and must have a currency and a value", field)
    currency, value = given["currency"], given["value"]
    if not isinstance(currency, str) or currency not in DECIMALS:
        return Problem(422, "The amount contains an unsupported currency", f"{field}.currency")
    decimals = DECIMALS[currency]
    pattern = rf"[0-9]{{1,12}}\.[0-9]{{{decimals}}}" if decimals else r"[0-9]{1,12}"
    if not isinstance(value, str) or not re.fullmatch(pattern, value):
        return Problem(422, "The amount contains an invalid value", f"{field}.value")
    units = int(value.replace(".", ""))
    if units == 0:
        return Problem(422, "The amount is lower than the minimum", field)
    if units > MAXIMUM:
        return Problem(422, "The amount is higher than the maximum", field)
    return Money(currency, units)
