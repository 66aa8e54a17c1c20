-- Who looked at whose data, and the chain that shows that nobody tidied it up afterwards.

-- One row per look: a role, a purpose, a reason out of a closed list, never free text. Rows and salts leave at their
-- term; what is left in the chain says nothing about anybody.
CREATE TABLE access_entry (
    id           uuid PRIMARY KEY,
    at           timestamptz NOT NULL,
    actor        uuid NOT NULL,
    role         text NOT NULL,
    organisation uuid,
    purpose      text NOT NULL,
    reason       text,
    case_id      uuid,
    kind         text NOT NULL CHECK (kind IN ('one', 'list', 'export')),
    about        uuid,
    seen         integer NOT NULL CHECK (seen >= 0),
    salt         bytea NOT NULL,
    hash         bytea NOT NULL
);
CREATE INDEX access_entry_at ON access_entry (at);
CREATE INDEX access_entry_actor ON access_entry (actor, at);

-- Whom a look was at; the order of the key is that of "who looked at me, newest first".
CREATE TABLE access_subject (
    subject uuid NOT NULL,
    at      timestamptz NOT NULL,
    entry   uuid NOT NULL,
    PRIMARY KEY (subject, at, entry)
);
CREATE INDEX access_subject_entry ON access_subject (entry);
CREATE INDEX access_subject_at ON access_subject USING brin (at);

-- A seal covers the hashes of the rows since the last one, and that one's own hash.
CREATE TABLE access_seal (
    number   integer PRIMARY KEY,
    at       timestamptz NOT NULL,
    previous bytea NOT NULL,
    hash     bytea NOT NULL
);
CREATE TABLE access_hash (
    entry uuid PRIMARY KEY,
    at    timestamptz NOT NULL,
    hash  bytea NOT NULL,
    seal  integer NOT NULL REFERENCES access_seal (number)
);
CREATE INDEX access_hash_seal ON access_hash (seal);
