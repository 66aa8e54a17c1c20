"""What orders says of money beside what is bought: what goes back, and the books. Cents, VAT included."""

from typing import Annotated, Literal

from pydantic import Field

from contracts.envelope import Model


class MoneyBack(Model):
    """Money of an order that goes back by itself: it came too late, twice, or as another amount.

    `due` is not on its way yet, `sent` is, and `settled` is there.
    """

    cents: Annotated[int, Field(ge=0)]
    reason: Literal["late", "double", "other_amount"]
    state: Literal["due", "sent", "settled"]


MethodId = Annotated[str, Field(max_length=40, pattern=r"^[a-z0-9_]+$")]
"""A way to pay, by the payment provider's word for it."""


class PaymentMethod(Model):
    """A way to pay, with its name in the language that was asked for."""

    id: MethodId
    name: str


class PaymentMethods(Model):
    """The ways to pay; none where the provider does not say. `test`: this house sells in test mode."""

    test: bool
    methods: tuple[PaymentMethod, ...]


class BookLine(Model):
    """Sums of one kind of booking; VAT included in `cents`, of which `vat_cents`."""

    kind: str
    count: int
    cents: int
    vat_cents: int


class Books(Model):
    """The books add up when `tickets_cents` equals the sum of sales less refunds, and what banks took back is
    booked (W-07). `owed_cents` are refunds that wait or are on their way; `held_up` of them were refused.
    """

    lines: tuple[BookLine, ...]
    paid_orders: int
    tickets: int
    tickets_cents: int
    owed_cents: int
    held_up: int
    charged_back_orders: int
    charged_back_cents: int
    balanced: bool
