-- Evenings that are over, what was sold of them, who bought, what was paid, who came in, and the books.
INSERT INTO event (event_id, version, slug, organisation_id, hall_id, title, blurb, doors_at, starts_at, ends_at,
                   on_sale_from, hold_seconds, largest_order, announced, sale_told)
SELECT DISTINCT ON (e) event_id, 1, 'archief-' || e, o.organisation_id, h.hall_id, t.title, t.title,
    starts_at - interval '1 hour', starts_at, starts_at + interval '2 hours', starts_at - interval '90 days', 900, 10, 1, true
FROM planned, hall h, (SELECT organisation_id, title FROM production ORDER BY production_id LIMIT 1) o
    CROSS JOIN LATERAL (SELECT o.title) t WHERE h.hall_id = (SELECT min(hall_id::text)::uuid FROM hall);
INSERT INTO price (event_id, price_id, position, title, place, cents, vat_basis_points)
SELECT DISTINCT ON (e) event_id, price_id, 0, '{"nl": "Basis", "fr": "Plein tarif", "en": "Standard"}'::jsonb,
    'standing', 1500, 600 FROM planned;
INSERT INTO stock (event_id, standing_capacity, standing_taken)
SELECT event_id, 600, sum(places) FILTER (WHERE NOT expired) FROM planned GROUP BY event_id;
INSERT INTO hold (event_id, hold_id, state, made_at, expires_at, order_id)
SELECT event_id, hold_id, CASE WHEN expired THEN 'expired' ELSE 'sold' END, placed_at,
    placed_at + interval '15 minutes', order_id FROM planned;
INSERT INTO hold_line (event_id, hold_id, line_no, price_id, cents, vat_basis_points)
SELECT event_id, hold_id, line_no, price_id, 1500, 600 FROM planned, generate_series(1, places) AS line_no;
INSERT INTO placed_order (event_id, order_id, number, hold_id, channel, state, total_cents, vat_cents, placed_at, paid_at)
SELECT event_id, order_id, number, hold_id, CASE WHEN at_counter THEN 'counter' ELSE 'online' END,
    CASE WHEN expired THEN 'expired' ELSE 'paid' END, 1500 * places, 85 * places, placed_at,
    CASE WHEN NOT expired THEN placed_at END FROM planned;
INSERT INTO order_person (event_id, order_id, subject_id, name, email, locale, version, name_version, email_version,
                          phone_version, placed_on)
SELECT event_id, order_id, subject_id, name, email, locale, 1, 1, 1, 1, placed_at::date FROM planned WHERE NOT at_counter;
INSERT INTO payment (event_id, payment_id, order_id, attempt, provider, provider_id, idempotency_key, state, cents,
                     made_at, look_at)
SELECT event_id, payment_id, order_id, 1, CASE WHEN at_counter THEN 'cash' ELSE 'mollie' END,
    CASE WHEN NOT at_counter THEN 'tr_seizoen' || n END, payment_id,
    CASE WHEN expired THEN 'expired' ELSE 'paid' END, 1500 * places, placed_at, placed_at FROM planned;
CREATE TEMP TABLE printed ON COMMIT DROP AS
SELECT md5('season:ticket:' || n || ':' || line_no)::uuid AS ticket_id, line_no, p.*
FROM planned p, generate_series(1, places) AS line_no WHERE NOT expired;
INSERT INTO ticket (event_id, ticket_id, order_id, line_no, price_id, cents, vat_basis_points, state, issued_at, admitted_at)
SELECT event_id, ticket_id, order_id, line_no, price_id, 1500, 600, CASE WHEN came THEN 'admitted' ELSE 'issued' END,
    placed_at, CASE WHEN came THEN starts_at END FROM printed;
INSERT INTO admission (event_id, admission_id, ticket_id, admitted_at)
SELECT event_id, ticket_id, ticket_id, starts_at FROM printed WHERE came;
INSERT INTO book_entry (event_id, entry_id, order_id, kind, reference, cents, vat_cents, vat_basis_points, booked_at)
SELECT event_id, ticket_id, order_id, 'sale', ticket_id, 1500, 85, 600, placed_at FROM printed
UNION ALL SELECT event_id, payment_id, order_id, 'payment', payment_id, 1500 * places, 0, 0, placed_at
FROM planned WHERE NOT expired;
