-- What notify holds: the address to write to, what is printed on tickets, and the fate of each message.

-- A replica of the address to write to. Each field has a version of its own, because a correction may arrive
-- before the address that it corrects: the higher version wins, whatever the order of arrival.
CREATE TABLE contact (
    subject_id     uuid PRIMARY KEY,
    name           text,
    name_version   integer NOT NULL DEFAULT 0,
    email          text,
    email_version  integer NOT NULL DEFAULT 0,
    locale         text,
    locale_version integer NOT NULL DEFAULT 0,
    updated_at     timestamptz NOT NULL
);

-- A replica of what is public about an event.
CREATE TABLE event_facts (
    event_id  uuid PRIMARY KEY,
    version   integer NOT NULL,
    title_nl  text NOT NULL,
    title_fr  text NOT NULL,
    title_en  text NOT NULL,
    hall      text NOT NULL,
    doors_at  timestamptz NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL,
    co_presenters uuid[] NOT NULL
);

-- A replica of the public names of organisations.
CREATE TABLE organisation (
    organisation_id uuid PRIMARY KEY,
    name            text NOT NULL,
    version         integer NOT NULL
);

-- An order as it is printed. Without a subject it was sold at the counter to someone who gave no name.
-- ends_at is the end of the event, known once its facts are: the term counts from there.
CREATE TABLE ticket_order (
    order_id    uuid PRIMARY KEY,
    subject_id  uuid,
    number      text NOT NULL,
    event_id    uuid NOT NULL,
    total_cents integer NOT NULL,
    currency    text NOT NULL,
    issued_at   timestamptz NOT NULL,
    ends_at     timestamptz
);
CREATE INDEX ticket_order_subject ON ticket_order (subject_id);
CREATE INDEX ticket_order_event ON ticket_order (event_id);
CREATE INDEX ticket_order_without_end ON ticket_order (order_id) WHERE ends_at IS NULL;

CREATE TABLE ticket (
    ticket_id        uuid PRIMARY KEY,
    order_id         uuid NOT NULL,
    subject_id       uuid,
    position         integer NOT NULL,
    code             text NOT NULL,
    seat             text,
    price_nl         text NOT NULL,
    price_fr         text NOT NULL,
    price_en         text NOT NULL,
    cents            integer NOT NULL,
    vat_basis_points integer NOT NULL,
    ends_at          timestamptz
);
CREATE INDEX ticket_order_id ON ticket (order_id);
CREATE INDEX ticket_subject ON ticket (subject_id);

-- Messages and their fate. The id is made from what the message is about, so that it exists once,
-- and the Message-ID is made from the id, so that a repeat after a crash is recognised as one.
CREATE TABLE message (
    id         uuid PRIMARY KEY,
    subject_id uuid NOT NULL,
    template   text NOT NULL CHECK (template IN ('tickets', 'payment_failed', 'erased')),
    order_id   uuid,
    event_id   uuid,
    case_id    uuid,
    as_of      timestamptz,
    state      text NOT NULL CHECK (state IN ('waiting_for_contact', 'due', 'sending', 'sent', 'failed')),
    attempts   integer NOT NULL DEFAULT 0,
    next_try   timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    sent_at    timestamptz
);
CREATE INDEX message_subject ON message (subject_id);
CREATE INDEX message_next_try ON message (next_try) WHERE state IN ('due', 'sending');
CREATE INDEX message_waiting ON message (created_at) WHERE state = 'waiting_for_contact';
