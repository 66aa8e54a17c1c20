-- Secrets that sign messages stand one by one, sealed under numbered keys (W-60): an organisation renews its own, and two count
-- for a while. What `endpoint` kept before moves here by itself.
CREATE TABLE endpoint_secret (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    key_id          integer NOT NULL,
    sealed_secret   bytea NOT NULL,
    secret_end      text NOT NULL,
    made_at         timestamptz NOT NULL
);
CREATE INDEX endpoint_secret_organisation_id ON endpoint_secret (organisation_id, made_at);
ALTER TABLE endpoint ALTER COLUMN sealed_secrets DROP NOT NULL;
