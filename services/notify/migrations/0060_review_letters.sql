-- What a person answered somebody who contested an automated decision, until the letter has left.
CREATE TABLE review_letter (
    id         uuid PRIMARY KEY,
    subject_id uuid NOT NULL,
    title      jsonb NOT NULL,
    granted    integer NOT NULL,
    reasons    text NOT NULL,
    attempts   integer NOT NULL DEFAULT 0,
    next_try   timestamptz NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX review_letter_subject ON review_letter (subject_id);
CREATE INDEX review_letter_next_try ON review_letter (next_try);
CREATE INDEX review_letter_created_at ON review_letter (created_at);
