-- Who people are, how they log in, for whom they work, and what they chose.

-- One row per person, guests included: the owner of contact for the whole house.
CREATE TABLE person (
    subject_id  uuid PRIMARY KEY,
    name        text NOT NULL,
    email       text NOT NULL,
    -- The address as it is compared: functions over a column are not leakproof under row policies.
    email_key   text NOT NULL,
    phone       text,
    locale      text NOT NULL CHECK (locale IN ('nl', 'fr', 'en')),
    version     integer NOT NULL CHECK (version >= 1),
    known_since timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL
);
CREATE INDEX person_email_key ON person (email_key);

-- A user name as it is compared (NFKC, casefolded) and an argon2id hash.
CREATE TABLE login (
    subject_id    uuid PRIMARY KEY,
    user_key      text NOT NULL UNIQUE,
    password_hash text NOT NULL,
    created_at    timestamptz NOT NULL
);

-- Staff and organisers: the role that a log-in gives. Without a row someone is a visitor.
CREATE TABLE appointment (
    subject_id      uuid PRIMARY KEY,
    role            text NOT NULL CHECK (role IN ('box_office', 'steward', 'supervisor', 'planner', 'marketing',
                                                  'finance', 'organiser', 'privacy_officer', 'administrator')),
    organisation_id uuid,
    since           timestamptz NOT NULL,
    CHECK (role <> 'organiser' OR organisation_id IS NOT NULL)
);

-- Organisations that the house verified; a version above announced_version is told to the other services.
CREATE TABLE organisation (
    id                uuid PRIMARY KEY,
    name              text NOT NULL,
    verified_at       timestamptz NOT NULL,
    version           integer NOT NULL DEFAULT 1 CHECK (version >= 1),
    announced_version integer NOT NULL DEFAULT 0
);

-- Log-ins that are going on. The secret itself is never stored.
CREATE TABLE session (
    secret_hash bytea PRIMARY KEY,
    subject_id  uuid NOT NULL,
    started_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX session_subject_id ON session (subject_id);
CREATE INDEX session_expires_at ON session (expires_at);

-- Failed log-ins per keyed hash of the user name that was typed, whether it exists or not.
CREATE TABLE attempt (
    user_hash  bytea PRIMARY KEY,
    subject_id uuid,
    failures   integer NOT NULL,
    first_at   timestamptz NOT NULL,
    last_at    timestamptz NOT NULL
);
CREATE INDEX attempt_subject_id ON attempt (subject_id);
CREATE INDEX attempt_last_at ON attempt (last_at);

-- Each choice ever made, with its proof (Art. 7(1)). Version 0 is a proof that arrived after a later choice.
CREATE TABLE choice (
    id              uuid PRIMARY KEY,
    subject_id      uuid NOT NULL,
    purpose         text NOT NULL,
    organisation_id uuid,
    channel         text NOT NULL,
    state           text NOT NULL,
    version         integer NOT NULL CHECK (version >= 0),
    wording         text NOT NULL,
    language        text NOT NULL,
    place           text NOT NULL,
    made_at         timestamptz NOT NULL
);
CREATE UNIQUE INDEX choice_one_version ON choice (subject_id, purpose, organisation_id, channel, version)
    NULLS NOT DISTINCT WHERE version > 0;
CREATE INDEX choice_subject_id ON choice (subject_id);
