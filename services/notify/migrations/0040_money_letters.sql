-- What a letter about money says beside its event: kept until it is sent, and a month more.
CREATE TABLE money_letter (
    message_id uuid PRIMARY KEY,
    subject_id uuid NOT NULL,
    number     text NOT NULL,
    cents      integer NOT NULL,
    currency   text NOT NULL,
    reason     text,
    created_at timestamptz NOT NULL
);
CREATE INDEX money_letter_subject ON money_letter (subject_id);
CREATE INDEX money_letter_created_at ON money_letter (created_at);

-- Which letters there are is said by the code; here only what a name looks like.
ALTER TABLE message DROP CONSTRAINT message_template_check;
ALTER TABLE message ADD CONSTRAINT message_template_check CHECK (template ~ '^[a-z_]{1,40}$');
