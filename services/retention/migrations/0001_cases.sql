-- When someone was last active, which rights were invoked, and what each service answered. No names: random ids only.

-- The last day of each kind of activity of a person (G-41).
CREATE TABLE activity (
    subject_id uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('known', 'purchase', 'log_in', 'admission')),
    day        date NOT NULL,
    PRIMARY KEY (subject_id, kind)
);
CREATE INDEX activity_day ON activity (day);

-- A right that someone invoked, with its two clocks. Kept as proof after it closed.
CREATE TABLE case_file (
    id            uuid PRIMARY KEY,
    subject_id    uuid NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('copy', 'erasure', 'restriction')),
    state         text NOT NULL CHECK (state IN ('ordered', 'telling', 'closed')),
    opened_at     timestamptz NOT NULL,
    promised_by   timestamptz NOT NULL,
    due_by        timestamptz NOT NULL,
    closed_at     timestamptz,
    -- Orders go out again until every answer is in; NULL once nothing is left to order.
    next_order_at timestamptz,
    orders        integer NOT NULL,
    in_ledger     boolean NOT NULL DEFAULT false
);
CREATE INDEX case_file_subject_id ON case_file (subject_id);
CREATE INDEX case_file_next_order_at ON case_file (next_order_at);
-- Asking twice is asking once. An erasure is never needed again: late news raises nobody.
CREATE UNIQUE INDEX case_file_one_erasure ON case_file (subject_id) WHERE kind = 'erasure';
CREATE UNIQUE INDEX case_file_one_copy ON case_file (subject_id) WHERE kind = 'copy' AND closed_at IS NULL;

-- What each service answered: rows per table.
CREATE TABLE case_receipt (
    case_id            uuid NOT NULL,
    subject_id         uuid NOT NULL,
    service            text NOT NULL,
    received_at        timestamptz NOT NULL,
    counts             jsonb NOT NULL,
    kept_for_the_books jsonb NOT NULL,
    PRIMARY KEY (case_id, service)
);
CREATE INDEX case_receipt_subject_id ON case_receipt (subject_id);

-- Who outside received data and must be told (Art. 19), and whether they answered. An answer may come before the
-- receipt that names its recipient.
CREATE TABLE case_recipient (
    case_id    uuid NOT NULL,
    subject_id uuid NOT NULL,
    recipient  uuid NOT NULL,
    named      boolean NOT NULL,
    state      text NOT NULL CHECK (state IN ('waiting', 'acknowledged', 'overdue')),
    noted_at   timestamptz NOT NULL,
    PRIMARY KEY (case_id, recipient)
);
CREATE INDEX case_recipient_subject_id ON case_recipient (subject_id);

-- Whose data is only stored (Art. 18), numbered for the gates.
CREATE TABLE restriction (
    subject_id uuid PRIMARY KEY,
    restricted boolean NOT NULL,
    version    integer NOT NULL CHECK (version >= 1),
    set_at     timestamptz NOT NULL
);

-- A search for what may no longer be kept.
CREATE TABLE sweep (
    id               uuid PRIMARY KEY,
    as_of            timestamptz NOT NULL,
    ordered_at       timestamptz NOT NULL,
    dry_run          boolean NOT NULL,
    without_activity integer NOT NULL,
    with_activity    integer NOT NULL,
    anonymised       integer NOT NULL DEFAULT 0,
    done_at          timestamptz,
    next_order_at    timestamptz,
    orders           integer NOT NULL
);
CREATE INDEX sweep_next_order_at ON sweep (next_order_at);

-- Which services carried out their own terms.
CREATE TABLE sweep_receipt (
    sweep_id    uuid NOT NULL,
    service     text NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (sweep_id, service)
);

-- Rows per table that a sweep touched, over all persons: nobody is in these sums.
CREATE TABLE sweep_count (
    sweep_id   uuid NOT NULL,
    service    text NOT NULL,
    table_name text NOT NULL,
    rows       bigint NOT NULL,
    PRIMARY KEY (sweep_id, service, table_name)
);

-- Persons whose anonymisation is under way; a row goes when the last service answered.
CREATE TABLE sweep_subject (
    sweep_id      uuid NOT NULL,
    subject_id    uuid NOT NULL,
    answered      text[] NOT NULL DEFAULT '{}',
    ordered_at    timestamptz NOT NULL,
    next_order_at timestamptz NOT NULL,
    orders        integer NOT NULL DEFAULT 0,
    PRIMARY KEY (sweep_id, subject_id)
);
CREATE INDEX sweep_subject_subject_id ON sweep_subject (subject_id);
CREATE INDEX sweep_subject_next_order_at ON sweep_subject (next_order_at);
