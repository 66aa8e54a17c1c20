-- An owner invites to an organisation by the steps of the house (W-01): an address waits once for each of them.
ALTER TABLE invitation
    ADD COLUMN organisation_id uuid,
    ADD COLUMN owner boolean NOT NULL DEFAULT false,
    DROP CONSTRAINT invitation_role_check,
    ADD CONSTRAINT invitation_role_check CHECK (role IN ('box_office', 'steward', 'supervisor', 'planner', 'marketing',
        'finance', 'organiser', 'privacy_officer', 'administrator'));
DROP INDEX invitation_user_key;
CREATE UNIQUE INDEX invitation_user_key ON invitation (user_key, organisation_id) NULLS NOT DISTINCT;
