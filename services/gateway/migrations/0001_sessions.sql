-- Sessions, checkout drafts, and which guest order belongs to which session.

CREATE TABLE session (
    id_hash bytea PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('guest', 'rights', 'login')),
    role text NOT NULL,
    actor_id uuid NOT NULL,
    organisation_id uuid,
    subject_id uuid,
    label text,
    sealed_secret bytea,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX session_subject ON session (subject_id);
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE draft (
    hold_id uuid PRIMARY KEY,
    session_hash bytea NOT NULL,
    subject_id uuid NOT NULL,
    event_slug text NOT NULL,
    places integer NOT NULL,
    held_until timestamptz NOT NULL,
    name text,
    email text,
    phone text,
    locale text,
    created_at timestamptz NOT NULL,
    kept_until timestamptz NOT NULL
);
CREATE INDEX draft_session ON draft (session_hash, created_at);
CREATE INDEX draft_subject ON draft (subject_id);

CREATE TABLE guest_order (
    order_id uuid PRIMARY KEY,
    hold_id uuid NOT NULL,
    session_hash bytea NOT NULL,
    subject_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    kept_until timestamptz NOT NULL
);
CREATE INDEX guest_order_session ON guest_order (session_hash, created_at);
CREATE INDEX guest_order_subject ON guest_order (subject_id);
