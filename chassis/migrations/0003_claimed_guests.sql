-- Guests that somebody keeps in their account: two random ids of one person. A guest is claimed once.
CREATE TABLE claimed_guest (
    guest      uuid PRIMARY KEY,
    account    uuid NOT NULL,
    claimed_at timestamptz NOT NULL
);
CREATE INDEX claimed_guest_account ON claimed_guest (account);
