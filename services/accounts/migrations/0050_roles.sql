-- Who may take a role: invited by address, accepted by whoever has the account with it, given by the house.
CREATE TABLE invitation (
    id          uuid PRIMARY KEY,
    -- Whose account accepted; before that an invitation belongs to nobody.
    subject_id  uuid,
    email       text NOT NULL,
    -- The address as a user name is compared: accounts log in with the address that they confirmed.
    user_key    text NOT NULL,
    role        text NOT NULL CHECK (role IN ('box_office', 'steward', 'supervisor', 'planner', 'marketing',
                                              'finance', 'privacy_officer', 'administrator')),
    invited_by  uuid NOT NULL,
    invited_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX invitation_subject_id ON invitation (subject_id);
CREATE INDEX invitation_expires_at ON invitation (expires_at);
-- An address waits for a role once: a second invitation takes the place of the first.
CREATE UNIQUE INDEX invitation_user_key ON invitation (user_key);

-- When somebody last looked whether a role is still needed; the day it was given counts as the first look.
ALTER TABLE appointment ADD COLUMN reviewed_at timestamptz;
UPDATE appointment SET reviewed_at = since;
