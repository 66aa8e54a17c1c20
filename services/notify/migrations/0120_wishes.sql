-- What people wish to see, and of what they want to hear about it: told by accounts, in any order. A wish that was
-- taken back has no kinds, and stays for a few days so that late news does not bring it back.
CREATE TABLE wish (
    subject_id uuid NOT NULL,
    event_id   uuid NOT NULL,
    kinds      text[] NOT NULL,
    version    integer NOT NULL,
    kept_until timestamptz NOT NULL,
    PRIMARY KEY (subject_id, event_id)
);
CREATE INDEX wish_event ON wish (event_id);
CREATE INDEX wish_kept_until ON wish (kept_until);

-- Letters about wishes that wait for the mail server. `facts` is the version of the event that a letter needs to
-- know, `before` when the event was to begin.
CREATE TABLE reminder (
    id         uuid PRIMARY KEY,
    subject_id uuid NOT NULL,
    event_id   uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('on_sale', 'moved', 'nearly_full')),
    facts      integer NOT NULL DEFAULT 0,
    before     timestamptz,
    attempts   integer NOT NULL DEFAULT 0,
    next_try   timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX reminder_subject ON reminder (subject_id);
CREATE INDEX reminder_event ON reminder (event_id);
CREATE INDEX reminder_next_try ON reminder (next_try);
CREATE INDEX reminder_created_at ON reminder (created_at);

-- Whether an event is nearly full, as orders said last.
CREATE TABLE availability (
    event_id    uuid PRIMARY KEY,
    nearly_full boolean NOT NULL,
    version     integer NOT NULL
);

ALTER TABLE event_facts ADD COLUMN slug text;
