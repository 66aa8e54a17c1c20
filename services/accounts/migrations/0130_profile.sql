-- What someone may add about themselves. Nobody needs any of it to have an account.
CREATE TABLE profile (
    subject_id  uuid PRIMARY KEY,
    gender      text CHECK (gender IN ('f', 'm', 'x')),
    street      text,
    postal_code text,
    town        text,
    country     text,
    birth_date  date,
    phone_fixed text,
    changed_at  timestamptz NOT NULL
);
-- Few tell when they were born, and the young are looked for each minute.
CREATE INDEX profile_birth_date ON profile (birth_date) WHERE birth_date IS NOT NULL;
