-- A consent counts for a time, and whoever changed a choice for somebody names the letter or call that asked for it.
ALTER TABLE choice ADD COLUMN expires_at timestamptz, ADD COLUMN case_number text;
CREATE INDEX choice_expires_at ON choice (expires_at) WHERE state = 'given' AND version > 0;
