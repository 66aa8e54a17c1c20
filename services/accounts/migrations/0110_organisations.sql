-- Organisations sign up themselves, and the house decides who sells here (W-01, W-03).
ALTER TABLE organisation
    ADD COLUMN state text NOT NULL DEFAULT 'verified'
        CHECK (state IN ('waiting', 'verified', 'refused', 'suspended', 'ended')),
    ADD COLUMN ground text
        CHECK (ground IN ('not_found', 'data_wrong', 'not_for_us', 'terms_broken', 'at_request')),
    ADD COLUMN products text[] NOT NULL DEFAULT '{}',
    ADD COLUMN signed_up_at timestamptz,
    -- When somebody of the house last looked whether it is what it says.
    ALTER COLUMN verified_at DROP NOT NULL;

-- What an organisation says of itself, and who said it: its contact person. From its end it is kept as long as the law asks.
CREATE TABLE organisation_facts (
    organisation_id uuid PRIMARY KEY,
    subject_id      uuid NOT NULL,
    legal_name      text NOT NULL,
    street          text NOT NULL,
    postal_code     text NOT NULL,
    town            text NOT NULL,
    country         text NOT NULL,
    phone           text NOT NULL,
    registration    text NOT NULL,
    iban            text NOT NULL,
    said_at         timestamptz NOT NULL,
    ended_at        timestamptz
);
CREATE INDEX organisation_facts_subject_id ON organisation_facts (subject_id);
CREATE INDEX organisation_facts_ended_at ON organisation_facts (ended_at);

-- Owners decide who acts for their organisation; whoever acted for one until now does.
ALTER TABLE appointment
    ADD COLUMN owner boolean NOT NULL DEFAULT false,
    ADD CHECK (NOT owner OR organisation_id IS NOT NULL);
UPDATE appointment SET owner = true WHERE role = 'organiser';
CREATE INDEX appointment_organisation_id ON appointment (organisation_id) WHERE organisation_id IS NOT NULL;
