-- What visitors want to see who have not logged in: for as long as their visit, then it is their account's.
CREATE TABLE wish_draft (
    session_hash bytea NOT NULL,
    event_id     uuid NOT NULL,
    subject_id   uuid,
    added_at     timestamptz NOT NULL,
    kept_until   timestamptz NOT NULL,
    PRIMARY KEY (session_hash, event_id)
);
CREATE INDEX wish_draft_subject ON wish_draft (subject_id) WHERE subject_id IS NOT NULL;
CREATE INDEX wish_draft_expiry ON wish_draft (kept_until);
