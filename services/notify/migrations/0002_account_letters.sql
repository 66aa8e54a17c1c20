-- Letters about accounts that wait for the mail server, with the address they go to: it need not be anybody's yet.
CREATE TABLE account_letter (
    id         uuid PRIMARY KEY,
    subject_id uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('register', 'exists', 'reset', 'email_new', 'email_old', 'new_device',
                                             'new_password')),
    email      text NOT NULL,
    name       text,
    locale     text NOT NULL,
    attempts   integer NOT NULL DEFAULT 0,
    next_try   timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX account_letter_subject ON account_letter (subject_id);
CREATE INDEX account_letter_next_try ON account_letter (next_try);

-- What was sent is listed like every other message, without text or address.
ALTER TABLE message DROP CONSTRAINT message_template_check, ADD CHECK (template IN (
    'tickets', 'payment_failed', 'erased', 'account_register', 'account_exists', 'account_reset', 'account_email_new',
    'account_email_old', 'account_new_device', 'account_new_password'));
