-- Invoices for organisations: numbers without a gap per seller and year, and amounts as they stood.
-- The row of a series is locked and counted in the transaction that writes the invoice.
CREATE TABLE invoice_series (
    seller_id uuid NOT NULL,
    year      integer NOT NULL,
    last      integer NOT NULL CHECK (last >= 0),
    PRIMARY KEY (seller_id, year)
);

-- `lines` is a JSON array of what was sold by price, with titles as they were on that day.
CREATE TABLE invoice (
    event_id    uuid NOT NULL,
    order_id    uuid NOT NULL,
    seller_id   uuid NOT NULL,
    seller_name text NOT NULL,
    year        integer NOT NULL,
    number      integer NOT NULL CHECK (number >= 1),
    issued_on   date NOT NULL,
    event_title jsonb NOT NULL,
    starts_at   timestamptz NOT NULL,
    lines       jsonb NOT NULL,
    total_cents integer NOT NULL,
    vat_cents   integer NOT NULL,
    PRIMARY KEY (event_id, order_id),
    UNIQUE (seller_id, year, number)
);

-- To whom an invoice is made out: an organisation, which may bear a person's name. The books keep it from the
-- first of January after it was issued.
CREATE TABLE invoice_party (
    event_id    uuid NOT NULL,
    order_id    uuid NOT NULL,
    subject_id  uuid NOT NULL,
    name        text NOT NULL,
    street      text NOT NULL,
    postal_code text NOT NULL,
    town        text NOT NULL,
    country     text NOT NULL,
    vat_number  text,
    kept_from   date NOT NULL,
    PRIMARY KEY (event_id, order_id)
);
CREATE INDEX invoice_party_subject ON invoice_party (subject_id);
CREATE INDEX invoice_party_kept_from ON invoice_party (kept_from);
