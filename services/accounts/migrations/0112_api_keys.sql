-- Keys with which programs of an organisation ask (W-60). A key has 256 random bits, so a plain hash of it is enough.
CREATE TABLE api_key (
    id              uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    name            text NOT NULL,
    key_hash        bytea NOT NULL UNIQUE,
    key_end         text NOT NULL,
    scopes          text[] NOT NULL,
    made_at         timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    last_used_on    date
);
CREATE INDEX api_key_organisation_id ON api_key (organisation_id);
