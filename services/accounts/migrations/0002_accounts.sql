-- Opening and guarding an account: letters that speak once, devices that are known, log-ins of thirty days.

-- A name for a log-in that may be shown; its secret is known to its holder only.
ALTER TABLE session ADD COLUMN id uuid;
UPDATE session SET id = gen_random_uuid();
ALTER TABLE session ALTER COLUMN id SET NOT NULL, ADD UNIQUE (id);

-- Someone asked for a letter. Whether the address is known is looked up later, so that asking tells nobody.
CREATE TABLE letter_request (
    id         uuid PRIMARY KEY,
    subject_id uuid,
    kind       text NOT NULL CHECK (kind IN ('register', 'reset')),
    email      text NOT NULL,
    locale     text NOT NULL CHECK (locale IN ('nl', 'fr', 'en')),
    asked_at   timestamptz NOT NULL
);
CREATE INDEX letter_request_subject_id ON letter_request (subject_id);

-- Letters whose link may still be used, each once. Their ids open nothing without notify's signature.
CREATE TABLE letter (
    id         uuid PRIMARY KEY,
    subject_id uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('register', 'reset', 'email_new', 'email_old')),
    email      text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX letter_subject_id ON letter (subject_id);

-- An address that someone wants instead of their own: it counts when both have agreed.
CREATE TABLE email_change (
    subject_id uuid PRIMARY KEY,
    email      text NOT NULL,
    old_agreed boolean NOT NULL DEFAULT false,
    new_agreed boolean NOT NULL DEFAULT false,
    expires_at timestamptz NOT NULL
);

-- Browsers in which someone logged in before; the secret in their cookie is stored hashed.
CREATE TABLE device (
    device_hash bytea NOT NULL,
    subject_id  uuid NOT NULL,
    last_at     timestamptz NOT NULL,
    PRIMARY KEY (subject_id, device_hash)
);
CREATE INDEX device_hash ON device (device_hash);

-- Log-ins of the last thirty days; the id is the session's.
CREATE TABLE arrival (
    id         uuid PRIMARY KEY,
    subject_id uuid NOT NULL,
    device     text NOT NULL CHECK (device IN ('phone', 'tablet', 'computer', 'program')),
    address    text,
    at         timestamptz NOT NULL
);
CREATE INDEX arrival_subject_id ON arrival (subject_id, at);
CREATE INDEX arrival_at ON arrival (at);
