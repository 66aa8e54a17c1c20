"""What regulars bought in earlier years: one ticket each, with its order, payment and books."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from deploy.local.season.programme import SMALL, VAT_CULTURE, Event, Regular, known_as
from deploy.local.season.rows import event_row, price_row

CENTS, VAT = 1500, 85
TITLE = {"nl": "Uit het archief", "fr": "Des archives", "en": "From the archive"}
PRICE = {"place": "standing", "cents": CENTS, "nl": "Basis", "fr": "Plein tarif", "en": "Standard"}
HOLD = """
INSERT INTO hold (event_id, hold_id, state, made_at, expires_at, order_id) VALUES ($1, $2, 'sold', $3, $3, $4)
"""
LINE = """
INSERT INTO hold_line (event_id, hold_id, line_no, price_id, cents, vat_basis_points)
VALUES ($1, $2, 1, $3, $4, $5)
"""
ORDER = """
INSERT INTO placed_order (event_id, order_id, number, hold_id, channel, state, total_cents, vat_cents,
                          placed_at, paid_at)
VALUES ($1, $2, $3, $4, 'online', 'paid', $5, $6, $7, $7)
"""
PERSON = """
INSERT INTO order_person (event_id, order_id, subject_id, name, email, locale, version, name_version,
                          email_version, phone_version, placed_on)
VALUES ($1, $2, $3, $4, $5, $6, 1, 1, 1, 1, $7)
"""
PAYMENT = """
INSERT INTO payment (event_id, payment_id, order_id, attempt, provider, provider_id, idempotency_key, state,
                     cents, made_at, look_at)
VALUES ($1, $2, $3, 1, 'mollie', $4, $2, 'paid', $5, $6, $6)
"""
TICKET = """
INSERT INTO ticket (event_id, ticket_id, order_id, line_no, price_id, cents, vat_basis_points, state,
                    issued_at, admitted_at)
VALUES ($1, $2, $3, 1, $4, $5, $6, 'admitted', $7, $7)
"""
BOOK = """
INSERT INTO book_entry (event_id, entry_id, order_id, kind, reference, cents, vat_cents, vat_basis_points,
                        booked_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


async def bought(connection: Any, regular: Regular) -> None:
    """One standing ticket for an evening of the regular's last day."""
    evening = datetime.combine(regular.day, time(19), UTC)
    slug = f"archief-{regular.day.isoformat()}"
    event = Event(known_as("event", slug), {}, evening, evening, evening + timedelta(hours=2), evening)
    await event_row(connection, event, slug, known_as("hall", SMALL), (TITLE, TITLE), 900)
    await price_row(connection, event.id, 0, PRICE)
    await connection.execute(
        "INSERT INTO stock (event_id, standing_capacity, standing_taken) VALUES ($1, 200, 1)", event.id
    )
    await _order(connection, event, regular)
    await _money(connection, event, regular)


async def _order(connection: Any, event: Event, regular: Regular) -> None:
    order, hold, at = known_as("order", str(regular.id)), known_as("hold", str(regular.id)), event.starts_at
    price, number = known_as("price", f"{event.id}:0"), f"ARCH-{order.hex[:4].upper()}"
    ticket = known_as("ticket", str(regular.id))
    await connection.execute(HOLD, event.id, hold, at, order)
    await connection.execute(LINE, event.id, hold, price, CENTS, VAT_CULTURE)
    await connection.execute(ORDER, event.id, order, number, hold, CENTS, VAT, at)
    person = regular.id, regular.name, regular.email, regular.locale, regular.day
    await connection.execute(PERSON, event.id, order, *person)
    await connection.execute(TICKET, event.id, ticket, order, price, CENTS, VAT_CULTURE, at)


async def _money(connection: Any, event: Event, regular: Regular) -> None:
    order, payment = known_as("order", str(regular.id)), known_as("payment", str(regular.id))
    ticket, at = known_as("ticket", str(regular.id)), event.starts_at
    provider_id = f"tr_archive{payment.hex[:8]}"
    await connection.execute(PAYMENT, event.id, payment, order, provider_id, CENTS, at)
    for kind, reference, vat, rate in (("sale", ticket, VAT, VAT_CULTURE), ("payment", payment, 0, 0)):
        entry = known_as("entry", f"{regular.id}:{kind}")
        await connection.execute(BOOK, event.id, entry, order, kind, reference, CENTS, vat, rate, at)
