-- A hold is extended once on request; an organisation says in its own words when money is given back.
ALTER TABLE hold ADD COLUMN extended boolean NOT NULL DEFAULT false;

-- Who has no row here sells on the terms of the house.
CREATE TABLE refund_policy (
    organisation_id uuid PRIMARY KEY,
    said            jsonb NOT NULL
);
