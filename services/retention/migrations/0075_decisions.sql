-- Decisions that machines made about people, with the numbers they went by (Art. 22, F-68), and what somebody who does
-- not agree wrote and was answered. Who asks is known by a random id only.

CREATE TABLE decision (
    decision_id uuid PRIMARY KEY,
    subject_id  uuid NOT NULL,
    event_id    uuid NOT NULL,
    title       jsonb NOT NULL,
    rule        text NOT NULL CHECK (rule IN ('event', 'production')),
    most        integer NOT NULL,
    counted     integer NOT NULL,
    asked       integer NOT NULL,
    decided_at  timestamptz NOT NULL
);
CREATE INDEX decision_subject_id ON decision (subject_id);
CREATE INDEX decision_decided_at ON decision (decided_at);

-- A contest is a case; it may be heard of before its decision.
CREATE TABLE contest (
    case_id      uuid PRIMARY KEY,
    subject_id   uuid NOT NULL,
    decision_id  uuid NOT NULL UNIQUE,
    contested_at timestamptz NOT NULL,
    view         text NOT NULL,
    granted      integer CHECK (granted BETWEEN 0 AND 50),
    reasons      text
);
CREATE INDEX contest_subject_id ON contest (subject_id);
CREATE INDEX contest_contested_at ON contest (contested_at);

ALTER TABLE case_file DROP CONSTRAINT case_file_kind_check,
    ADD CONSTRAINT case_file_kind_check CHECK (kind IN ('copy', 'erasure', 'restriction', 'objection', 'contest'));
ALTER TABLE case_file DROP CONSTRAINT case_file_state_check,
    ADD CONSTRAINT case_file_state_check CHECK (state IN ('ordered', 'telling', 'asked', 'closed'));
