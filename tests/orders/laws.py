"""What must be true of a sale in the database at every moment, whoever bought, paid, left or came late."""

from __future__ import annotations

from typing import Any

# Each is a sentence; its rows are where it is not true.
LAWS = {
    "no place is kept twice": """
        SELECT FROM hold_line l JOIN hold h USING (event_id, hold_id)
        WHERE l.seat_id IS NOT NULL AND h.state IN ('held', 'ordered', 'sold')
        GROUP BY l.event_id, l.seat_id HAVING count(*) > 1""",
    "no hold loses its seat": """
        SELECT FROM hold_line l JOIN hold h USING (event_id, hold_id) JOIN seat s USING (event_id, seat_id)
        WHERE h.state IN ('held', 'ordered', 'sold') AND s.hold_id IS DISTINCT FROM h.hold_id""",
    "no seat is kept for nobody": """
        SELECT FROM seat s LEFT JOIN hold h USING (event_id, hold_id)
        WHERE s.hold_id IS NOT NULL AND (h.state IS NULL OR h.state IN ('expired', 'released'))""",
    "no quota is oversold, and every standing place that is taken is somebody's": """
        SELECT FROM stock s WHERE s.standing_taken > s.standing_capacity OR s.standing_taken <> (
            SELECT count(*) FROM hold_line l JOIN hold h USING (event_id, hold_id)
            WHERE l.event_id = s.event_id AND l.seat_id IS NULL
                AND h.state IN ('held', 'ordered', 'sold'))""",
    "a paid order has a ticket for each of its places, which are sold": """
        SELECT FROM placed_order o JOIN hold h ON h.event_id = o.event_id AND h.hold_id = o.hold_id
        WHERE o.state IN ('paid', 'charged_back') AND (h.state <> 'sold' OR
            (SELECT count(*) FROM ticket t WHERE t.event_id = o.event_id AND t.order_id = o.order_id) <>
            (SELECT count(*) FROM hold_line l WHERE l.event_id = o.event_id AND l.hold_id = o.hold_id))""",
    "a ticket belongs to an order that is paid, or cost nothing": """
        SELECT FROM ticket t LEFT JOIN placed_order o USING (event_id, order_id)
        WHERE o.state IS NULL OR o.state IN ('placed', 'expired')""",
    "an order that is paid was paid once, and to the cent": """
        SELECT FROM placed_order o
        WHERE o.state IN ('paid', 'charged_back') AND o.total_cents IS DISTINCT FROM (
            SELECT sum(p.cents) FROM payment p WHERE p.event_id = o.event_id AND p.order_id = o.order_id
            AND p.state = o.state AND NOT EXISTS (SELECT FROM refund r WHERE r.event_id = p.event_id
                AND r.payment_id = p.payment_id))""",
    "money that bought nothing goes back": """
        SELECT FROM payment p JOIN placed_order o USING (event_id, order_id)
        WHERE p.state = 'paid' AND o.state <> 'paid' AND NOT EXISTS (
            SELECT FROM refund r WHERE r.event_id = p.event_id AND r.payment_id = p.payment_id)""",
    "the books hold what came in, what was sold and what goes back": """
        SELECT FROM (SELECT
            COALESCE(sum(cents) FILTER (WHERE kind = 'sale'), 0) AS sold,
            COALESCE(sum(cents) FILTER (WHERE kind = 'payment'), 0) AS came,
            COALESCE(sum(cents) FILTER (WHERE kind = 'refund'), 0) AS back FROM book_entry) books,
            (SELECT COALESCE(sum(t.cents), 0) AS cents FROM ticket t WHERE t.state <> 'voided') tickets
        WHERE books.sold <> tickets.cents OR books.came + books.back <> books.sold""",
    "what banks took back stands in the books until it comes again": """
        SELECT FROM (SELECT COALESCE(sum(cents), 0) AS cents FROM book_entry
            WHERE kind IN ('chargeback', 'reversal')) books,
            (SELECT COALESCE(sum(cents), 0) AS cents FROM chargeback WHERE reversed_at IS NULL) taken
        WHERE books.cents <> -taken.cents""",
    "an order is charged back exactly while the payment that bought it is": """
        SELECT FROM payment p JOIN placed_order o USING (event_id, order_id)
        WHERE p.state IN ('paid', 'charged_back') AND o.state IN ('paid', 'charged_back')
            AND p.state <> o.state AND NOT EXISTS (
                SELECT FROM refund r WHERE r.event_id = p.event_id AND r.payment_id = p.payment_id)""",
    "a payment is charged back exactly while money of it is": """
        SELECT FROM payment p
        WHERE p.state IN ('paid', 'charged_back') AND (p.state = 'charged_back') <> EXISTS (
            SELECT FROM chargeback c WHERE c.event_id = p.event_id AND c.payment_id = p.payment_id
            AND c.reversed_at IS NULL)""",
    "tickets are barred exactly while their order is charged back": """
        SELECT FROM ticket t JOIN placed_order o USING (event_id, order_id)
        WHERE t.barred <> (o.state = 'charged_back')""",
    "no number of an invoice is missing or there twice": """
        SELECT FROM invoice_series s WHERE s.last <> (
            SELECT count(*) FROM invoice i WHERE i.year = s.year AND i.number <= s.last)
        UNION ALL SELECT FROM invoice i GROUP BY i.year, i.number HAVING count(*) > 1
        UNION ALL SELECT FROM invoice i LEFT JOIN invoice_series s USING (year)
        WHERE i.number > COALESCE(s.last, 0)""",
    "an invoice equals its order, to the cent and line by line": """
        SELECT FROM invoice i LEFT JOIN placed_order o USING (event_id, order_id)
        WHERE (i.total_cents, i.vat_cents) IS DISTINCT FROM (o.total_cents, o.vat_cents)
            OR o.state NOT IN ('paid', 'charged_back')
            OR i.total_cents <> (SELECT sum((l->>'cents')::int) FROM jsonb_array_elements(i.lines) l)
            OR i.vat_cents <> (SELECT sum((l->>'vat_cents')::int) FROM jsonb_array_elements(i.lines) l)""",
    "a payment is refunded when its money is back, and only then": """
        SELECT FROM payment p LEFT JOIN refund r USING (event_id, payment_id)
        WHERE p.state <> 'charged_back' AND (p.state = 'refunded') <> (
            r.state IS NOT DISTINCT FROM 'settled')""",
}


async def broken(sql: Any, laws: dict[str, str] | None = None) -> list[str]:
    """Which of the laws do not hold now, seen by a connection that sees all rows."""
    return [law for law, rows in (laws or LAWS).items() if await sql.fetch(rows)]
