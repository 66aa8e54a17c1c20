-- A restriction is lifted after the person was told of it (Art. 18(3)).
ALTER TABLE restriction ADD COLUMN lift_at timestamptz, ADD COLUMN told_at timestamptz;
CREATE INDEX restriction_lift_at ON restriction (lift_at) WHERE lift_at IS NOT NULL;

-- An objection is a case of its own per purpose: processing stopped when it was raised, and a person decides.
ALTER TABLE case_file
    DROP CONSTRAINT case_file_kind_check,
    ADD CONSTRAINT case_file_kind_check CHECK (kind IN ('copy', 'erasure', 'restriction', 'objection')),
    ADD COLUMN purpose text,
    ADD COLUMN organisation uuid,
    ADD COLUMN grounds text;
CREATE UNIQUE INDEX case_file_one_objection ON case_file (subject_id, purpose, organisation)
    NULLS NOT DISTINCT WHERE kind = 'objection' AND closed_at IS NULL;
