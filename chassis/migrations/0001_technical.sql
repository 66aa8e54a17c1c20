-- What every service's database holds beside its own tables: letters in and out, choices, keys and traces of forgetting.

-- Letters that wait for the relay.
CREATE TABLE outbox (
    id          uuid PRIMARY KEY,
    topic       text NOT NULL,
    subject     uuid,
    body        text NOT NULL,
    born_at     timestamptz NOT NULL,
    next_try    timestamptz NOT NULL,
    attempts    integer NOT NULL DEFAULT 0,
    request_id  text NOT NULL,
    traceparent text
);
CREATE INDEX outbox_next_try ON outbox (next_try);
CREATE INDEX outbox_subject ON outbox (subject);

-- Letters that left: no subject and no body, so that nothing of a person stays behind.
CREATE TABLE sent (
    id      uuid PRIMARY KEY,
    topic   text NOT NULL,
    sent_at timestamptz NOT NULL
);
CREATE INDEX sent_sent_at ON sent (sent_at);

-- Letters that arrived: each is taken up once.
CREATE TABLE inbox (
    id      uuid PRIMARY KEY,
    topic   text NOT NULL,
    seen_at timestamptz NOT NULL,
    subject uuid
);
CREATE INDEX inbox_seen_at ON inbox (seen_at);
CREATE INDEX inbox_subject ON inbox (subject);

-- Letters whose handling failed: tried again from here, for seven days.
CREATE TABLE parked (
    id         uuid PRIMARY KEY,
    topic      text NOT NULL,
    subject    uuid,
    body       text NOT NULL,
    purpose    text NOT NULL,
    attempts   integer NOT NULL DEFAULT 0,
    next_try   timestamptz NOT NULL,
    parked_at  timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    fault      text NOT NULL
);
CREATE INDEX parked_next_try ON parked (next_try);
CREATE INDEX parked_subject ON parked (subject);

-- Who was forgotten: late events raise nobody. Only the random id, the order and the first counts are kept.
CREATE TABLE tombstone (
    subject   uuid PRIMARY KEY,
    case_id   uuid NOT NULL,
    erased_at timestamptz NOT NULL,
    receipt   text NOT NULL
);

-- What a person chose, as this service knows it. Purpose '*' is a restriction of everything (Art. 18).
CREATE TABLE gate (
    subject      uuid NOT NULL,
    purpose      text NOT NULL,
    organisation uuid,
    channel      text NOT NULL,
    state        text NOT NULL CHECK (state IN
        ('given', 'refused', 'withdrawn', 'expired', 'objected', 'lifted', 'restricted')),
    version      integer NOT NULL CHECK (version >= 0),
    CONSTRAINT gate_one_row UNIQUE NULLS NOT DISTINCT (subject, purpose, organisation, channel)
);

-- A request that may come twice is carried out once; the answer's body is never kept.
CREATE TABLE idempotency_key (
    subject    uuid NOT NULL,
    key        text NOT NULL,
    purpose    text NOT NULL,
    body_hash  text NOT NULL,
    status     integer NOT NULL,
    outcome    uuid,
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (subject, key)
);
CREATE INDEX idempotency_key_expires_at ON idempotency_key (expires_at);

-- Parts of copies, sealed, for a day.
CREATE TABLE copy_part (
    request    uuid PRIMARY KEY,
    subject    uuid NOT NULL,
    sealed     bytea NOT NULL,
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX copy_part_subject ON copy_part (subject);

-- Who may no longer act, until the last token of theirs has run out.
CREATE TABLE revoked_actor (
    actor      uuid PRIMARY KEY,
    revoked_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
