-- How often the tickets of an order were sent again, and when last: enough to keep a mailbox from being filled.
CREATE TABLE ticket_mailing (
    event_id uuid NOT NULL,
    order_id uuid NOT NULL,
    times    integer NOT NULL,
    last_at  timestamptz NOT NULL,
    PRIMARY KEY (event_id, order_id)
);

-- The counter finds orders by the address that a buyer gave (F-32).
CREATE INDEX order_person_email ON order_person (lower(email));
