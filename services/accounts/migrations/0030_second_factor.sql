-- What proves somebody beside a password: apps that make codes, passkeys, recovery codes (G-71).

-- Apps that make codes. A secret is sealed under the key `key_id`; `last_step` is the last step of time whose code was used.
CREATE TABLE totp (
    id            uuid PRIMARY KEY,
    subject_id    uuid NOT NULL,
    name          text NOT NULL,
    key_id        integer NOT NULL,
    sealed_secret bytea NOT NULL,
    last_step     bigint NOT NULL,
    added_at      timestamptz NOT NULL
);
CREATE INDEX totp_subject_id ON totp (subject_id);

-- Passkeys: the public half, and how often the device says it was used.
CREATE TABLE passkey (
    id            uuid PRIMARY KEY,
    subject_id    uuid NOT NULL,
    name          text NOT NULL,
    credential_id bytea NOT NULL UNIQUE,
    public_key    bytea NOT NULL,
    sign_count    bigint NOT NULL,
    added_at      timestamptz NOT NULL
);
CREATE INDEX passkey_subject_id ON passkey (subject_id);

-- Recovery codes that are left, hashed with a key. A code that is used is gone.
CREATE TABLE recovery_code (
    subject_id uuid NOT NULL,
    code_hash  bytea NOT NULL,
    made_at    timestamptz NOT NULL,
    PRIMARY KEY (subject_id, code_hash)
);

-- Questions that wait for one answer: a log-in whose password was right, or what a passkey is to sign.
CREATE TABLE challenge (
    token_hash bytea PRIMARY KEY,
    subject_id uuid,
    kind       text NOT NULL CHECK (kind IN ('log_in', 'passkey', 'new_passkey')),
    nonce      bytea,
    expires_at timestamptz NOT NULL
);
CREATE INDEX challenge_subject_id ON challenge (subject_id);
CREATE INDEX challenge_expires_at ON challenge (expires_at);

-- A session knows how it was opened, when its person last proved who they are, and until when it may stand idle.
ALTER TABLE session
    ADD COLUMN strong boolean NOT NULL DEFAULT false,
    ADD COLUMN methods text NOT NULL DEFAULT 'password',
    ADD COLUMN proved_at timestamptz,
    ADD COLUMN idle_for interval NOT NULL DEFAULT '1 hour',
    ADD COLUMN idle_until timestamptz;
-- Who works here logs in anew, with two factors.
DELETE FROM session WHERE subject_id IN (SELECT subject_id FROM appointment);
UPDATE session SET proved_at = started_at, idle_until = expires_at;
ALTER TABLE session ALTER COLUMN proved_at SET NOT NULL, ALTER COLUMN idle_until SET NOT NULL;
