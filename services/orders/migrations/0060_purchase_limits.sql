-- How many places one buyer may have, of an event or of all dates of a production (W-46). Without a limit nothing is
-- counted and nobody is kept here. `production_limit` is the production's, copied like its texts.

ALTER TABLE production ADD COLUMN buyer_limit integer CHECK (buyer_limit BETWEEN 1 AND 50);
ALTER TABLE event
    ADD COLUMN buyer_limit      integer CHECK (buyer_limit BETWEEN 1 AND 50),
    ADD COLUMN production_limit integer CHECK (production_limit BETWEEN 1 AND 50);

-- Places that count for a buyer, by a keyed hash of the address. They count for as long as their hold does, so an
-- order that was not paid counts no more, and nothing has to be put right. `claim_id` is the latest checkout's.
CREATE TABLE limit_claim (
    event_id   uuid NOT NULL,
    hold_id    uuid NOT NULL,
    claim_id   uuid NOT NULL,
    subject_id uuid NOT NULL,
    buyer_key  bytea NOT NULL,
    places     integer NOT NULL CHECK (places >= 1),
    ends_on    date NOT NULL,
    PRIMARY KEY (event_id, hold_id)
);
CREATE INDEX limit_claim_hold ON limit_claim (hold_id);
CREATE INDEX limit_claim_buyer ON limit_claim (buyer_key);
CREATE INDEX limit_claim_subject ON limit_claim (subject_id);
CREATE INDEX limit_claim_ends_on ON limit_claim (ends_on);

-- What a limit decided against somebody, with the numbers it went by. `granted` are places that a person gave on top.
CREATE TABLE limit_decision (
    decision_id  uuid PRIMARY KEY,
    event_id     uuid NOT NULL,
    hold_id      uuid NOT NULL,
    subject_id   uuid NOT NULL,
    buyer_key    bytea NOT NULL,
    rule         text NOT NULL CHECK (rule IN ('event', 'production')),
    most         integer NOT NULL,
    counted      integer NOT NULL,
    asked        integer NOT NULL,
    decided_at   timestamptz NOT NULL,
    contested_at timestamptz,
    granted      integer NOT NULL DEFAULT 0 CHECK (granted BETWEEN 0 AND 50),
    ends_on      date NOT NULL,
    UNIQUE (event_id, hold_id, buyer_key, rule, most, counted, asked)
);
CREATE INDEX limit_decision_buyer ON limit_decision (buyer_key);
CREATE INDEX limit_decision_subject ON limit_decision (subject_id);
CREATE INDEX limit_decision_ends_on ON limit_decision (ends_on);
