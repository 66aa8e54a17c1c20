-- What people want to see, and of what they want to hear about it. One row per person numbers their changes, and its
-- lock lets two of them take turns.
CREATE TABLE wish_list (
    subject_id uuid PRIMARY KEY,
    kinds      text[] NOT NULL,
    version    integer NOT NULL DEFAULT 0
);

CREATE TABLE wish (
    subject_id uuid NOT NULL,
    event_id   uuid NOT NULL,
    added_at   timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL,
    PRIMARY KEY (subject_id, event_id)
);
CREATE INDEX wish_event ON wish (event_id);
CREATE INDEX wish_ends_at ON wish (ends_at);

-- A list that its owner shows to others, by a link that the service's key makes of the id.
CREATE TABLE wish_link (
    id         uuid PRIMARY KEY,
    subject_id uuid NOT NULL UNIQUE,
    made_at    timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX wish_link_expires_at ON wish_link (expires_at);

-- When events end, as orders says it: a wish goes with its event.
CREATE TABLE event_end (
    event_id uuid PRIMARY KEY,
    ends_at  timestamptz NOT NULL,
    version  integer NOT NULL
);
