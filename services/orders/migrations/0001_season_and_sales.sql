-- What is on, which places there are, who may sell what, and what was sold.
-- Tables of sales are keyed by event first, so that they can be spread over machines by event.
-- Nobody's data stands in seats, tickets, admissions and money: persons stand in order_person alone, so that
-- erasing its row leaves every sum as it was.

CREATE TABLE hall (
    hall_id   uuid PRIMARY KEY,
    name      text NOT NULL,
    time_zone text NOT NULL
);

CREATE TABLE hall_seat (
    hall_id   uuid NOT NULL REFERENCES hall,
    seat_id   uuid NOT NULL,
    label     text NOT NULL,
    row_label text NOT NULL,
    number    integer NOT NULL,
    x         double precision NOT NULL,
    y         double precision NOT NULL,
    PRIMARY KEY (hall_id, seat_id),
    UNIQUE (hall_id, label)
);

-- Public names of organisations, as accounts says them.
CREATE TABLE organisation (
    organisation_id uuid PRIMARY KEY,
    name            text NOT NULL,
    version         integer NOT NULL
);

-- Titles and blurbs are JSON objects with nl, fr and en. What is newer than what was announced is announced.
CREATE TABLE event (
    event_id        uuid PRIMARY KEY,
    version         integer NOT NULL CHECK (version >= 1),
    slug            text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    organisation_id uuid NOT NULL,
    hall_id         uuid NOT NULL REFERENCES hall,
    title           jsonb NOT NULL,
    blurb           jsonb NOT NULL,
    doors_at        timestamptz NOT NULL,
    starts_at       timestamptz NOT NULL,
    ends_at         timestamptz NOT NULL,
    on_sale_from    timestamptz NOT NULL,
    hold_seconds    integer NOT NULL CHECK (hold_seconds BETWEEN 1 AND 3600),
    largest_order   integer NOT NULL CHECK (largest_order BETWEEN 1 AND 50),
    announced       integer NOT NULL DEFAULT 0,
    CHECK (doors_at <= starts_at AND starts_at < ends_at)
);
CREATE INDEX event_ends_at ON event (ends_at);

-- Organisations that present an event together with the house.
CREATE TABLE event_partner (
    event_id        uuid NOT NULL REFERENCES event,
    organisation_id uuid NOT NULL,
    asks_for_news   boolean NOT NULL,
    PRIMARY KEY (event_id, organisation_id)
);
CREATE INDEX event_partner_organisation ON event_partner (organisation_id);

CREATE TABLE price (
    event_id         uuid NOT NULL REFERENCES event,
    price_id         uuid NOT NULL,
    position         integer NOT NULL,
    title            jsonb NOT NULL,
    place            text NOT NULL CHECK (place IN ('seat', 'standing')),
    cents            integer NOT NULL CHECK (cents BETWEEN 0 AND 100000000),
    vat_basis_points integer NOT NULL CHECK (vat_basis_points BETWEEN 0 AND 10000),
    PRIMARY KEY (event_id, price_id)
);

-- One row per event: its lock is what keeps two writers of one event apart.
CREATE TABLE stock (
    event_id          uuid PRIMARY KEY REFERENCES event,
    standing_capacity integer NOT NULL CHECK (standing_capacity >= 0),
    standing_taken    integer NOT NULL DEFAULT 0,
    CHECK (standing_taken BETWEEN 0 AND standing_capacity)
);

-- Numbered seats of an event. A seat has one holder or none: the key alone makes selling it twice impossible.
CREATE TABLE seat (
    event_id uuid NOT NULL REFERENCES event,
    seat_id  uuid NOT NULL,
    hold_id  uuid,
    PRIMARY KEY (event_id, seat_id)
) WITH (fillfactor = 80);
CREATE INDEX seat_hold ON seat (event_id, hold_id) WHERE hold_id IS NOT NULL;

CREATE TABLE hold (
    event_id   uuid NOT NULL,
    hold_id    uuid NOT NULL,
    state      text NOT NULL CHECK (state IN ('held', 'ordered', 'sold', 'expired', 'released')),
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    order_id   uuid,
    PRIMARY KEY (event_id, hold_id)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX hold_id ON hold (hold_id, event_id);
CREATE INDEX hold_due ON hold (expires_at, event_id) WHERE state IN ('held', 'ordered');
CREATE INDEX hold_forgotten ON hold (made_at) WHERE order_id IS NULL;

-- The places of a hold, which become the lines of its order.
CREATE TABLE hold_line (
    event_id         uuid NOT NULL,
    hold_id          uuid NOT NULL,
    line_no          integer NOT NULL,
    seat_id          uuid,
    price_id         uuid NOT NULL,
    cents            integer NOT NULL,
    vat_basis_points integer NOT NULL,
    PRIMARY KEY (event_id, hold_id, line_no)
);

-- An order, online or at the counter. `order` is a word of SQL.
CREATE TABLE placed_order (
    event_id    uuid NOT NULL,
    order_id    uuid NOT NULL,
    number      text NOT NULL,
    hold_id     uuid NOT NULL,
    channel     text NOT NULL CHECK (channel IN ('online', 'counter')),
    state       text NOT NULL CHECK (state IN
        ('placed', 'paid', 'expired', 'part_refunded', 'refunded', 'charged_back')),
    total_cents integer NOT NULL,
    vat_cents   integer NOT NULL,
    placed_at   timestamptz NOT NULL,
    paid_at     timestamptz,
    PRIMARY KEY (event_id, order_id),
    UNIQUE (event_id, hold_id),
    UNIQUE (event_id, number)
) WITH (fillfactor = 80);
CREATE INDEX placed_order_id ON placed_order (order_id);
CREATE INDEX placed_order_number ON placed_order (number);
CREATE INDEX placed_order_unpaid ON placed_order (event_id, hold_id) WHERE state = 'placed';

-- Who ordered, as typed at checkout. Its row goes at erasure; nothing else here names anybody.
-- A correction sets single fields, so each field carries the version that it was last set by.
CREATE TABLE order_person (
    event_id      uuid NOT NULL,
    order_id      uuid NOT NULL,
    subject_id    uuid NOT NULL,
    name          text NOT NULL,
    email         text NOT NULL,
    phone         text,
    locale        text NOT NULL,
    version       integer NOT NULL CHECK (version >= 1),
    name_version  integer NOT NULL,
    email_version integer NOT NULL,
    phone_version integer NOT NULL,
    placed_on     date NOT NULL,
    PRIMARY KEY (event_id, order_id)
);
CREATE INDEX order_person_subject ON order_person (subject_id);
CREATE INDEX order_person_order ON order_person (order_id);
CREATE INDEX order_person_placed_on ON order_person (placed_on);

-- A try to pay. `request` is what the provider is asked, kept to the letter until it has answered, so that a
-- repetition with the same key asks the same. `return_url` is a path of this house and nothing more.
CREATE TABLE payment (
    event_id        uuid NOT NULL,
    payment_id      uuid NOT NULL,
    order_id        uuid NOT NULL,
    attempt         integer NOT NULL CHECK (attempt >= 1),
    provider        text NOT NULL CHECK (provider IN ('mollie', 'free', 'cash', 'card')),
    provider_id     text,
    idempotency_key uuid NOT NULL,
    request         text,
    return_url      text,
    state           text NOT NULL CHECK (state IN
        ('open', 'paid', 'failed', 'canceled', 'expired', 'refunded', 'charged_back')),
    cents           integer NOT NULL,
    checkout_url    text,
    made_at         timestamptz NOT NULL,
    look_at         timestamptz NOT NULL,
    PRIMARY KEY (event_id, payment_id),
    UNIQUE (event_id, order_id, attempt)
);
CREATE INDEX payment_provider_id ON payment (provider_id) WHERE provider_id IS NOT NULL;
CREATE INDEX payment_open ON payment (look_at) WHERE state = 'open';

-- Money to give back, and whether the provider took it up.
CREATE TABLE refund (
    event_id        uuid NOT NULL,
    refund_id       uuid NOT NULL,
    payment_id      uuid NOT NULL,
    order_id        uuid NOT NULL,
    cents           integer NOT NULL,
    idempotency_key uuid NOT NULL,
    provider_id     text,
    state           text NOT NULL CHECK (state IN ('due', 'sent', 'refused')),
    made_at         timestamptz NOT NULL,
    PRIMARY KEY (event_id, refund_id),
    UNIQUE (event_id, payment_id)
);
CREATE INDEX refund_due ON refund (made_at) WHERE state = 'due';

CREATE TABLE ticket (
    event_id         uuid NOT NULL,
    ticket_id        uuid NOT NULL,
    order_id         uuid NOT NULL,
    line_no          integer NOT NULL,
    seat_id          uuid,
    price_id         uuid NOT NULL,
    cents            integer NOT NULL,
    vat_basis_points integer NOT NULL,
    state            text NOT NULL CHECK (state IN ('issued', 'admitted', 'left', 'voided')),
    issued_at        timestamptz NOT NULL,
    admitted_at      timestamptz,
    PRIMARY KEY (event_id, ticket_id),
    UNIQUE (event_id, order_id, line_no)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX ticket_one_per_seat ON ticket (event_id, seat_id) WHERE seat_id IS NOT NULL AND state <> 'voided';
CREATE INDEX ticket_inside ON ticket (event_id) WHERE state = 'admitted';

-- Each time a ticket went in. Who held it is not written here.
CREATE TABLE admission (
    event_id     uuid NOT NULL,
    admission_id uuid NOT NULL,
    ticket_id    uuid NOT NULL,
    admitted_at  timestamptz NOT NULL,
    PRIMARY KEY (event_id, admission_id)
);
CREATE INDEX admission_ticket ON admission (event_id, ticket_id);

-- The books: one entry per ticket sold, payment received and refund owed; signed cents, VAT included.
CREATE TABLE book_entry (
    event_id         uuid NOT NULL,
    entry_id         uuid NOT NULL,
    order_id         uuid NOT NULL,
    kind             text NOT NULL CHECK (kind IN ('sale', 'payment', 'refund')),
    reference        uuid NOT NULL,
    cents            integer NOT NULL,
    vat_cents        integer NOT NULL,
    vat_basis_points integer NOT NULL,
    booked_at        timestamptz NOT NULL,
    PRIMARY KEY (event_id, entry_id),
    UNIQUE (event_id, kind, reference)
);

-- Agreements with co-presenters, as sharing says them.
CREATE TABLE agreement (
    agreement_id      uuid PRIMARY KEY,
    organisation_id   uuid NOT NULL,
    organisation_name text NOT NULL,
    version           integer NOT NULL,
    allowed           text[] NOT NULL,
    valid_from        timestamptz NOT NULL,
    valid_until       timestamptz
);
CREATE INDEX agreement_organisation ON agreement (organisation_id);

-- Which buyer was announced to which co-presenter, and for what: looked at again when the agreement's purposes
-- (agreed) or the versions of the buyer's choices (choices_seen) are others than they were then.
CREATE TABLE announcement (
    event_id        uuid NOT NULL,
    order_id        uuid NOT NULL,
    organisation_id uuid NOT NULL,
    subject_id      uuid NOT NULL,
    allowed         text[] NOT NULL,
    agreed          text[] NOT NULL,
    choices_seen    bigint NOT NULL,
    announced_on    date NOT NULL,
    PRIMARY KEY (event_id, order_id, organisation_id)
);
CREATE INDEX announcement_subject ON announcement (subject_id);
