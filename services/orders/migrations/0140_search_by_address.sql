-- The counter finds an order by its address. Row policies keep an index on an expression from being used, so the
-- address stands in small letters too; PostgreSQL writes it, so that a correction changes both.
ALTER TABLE order_person ADD COLUMN email_key text GENERATED ALWAYS AS (lower(email)) STORED;
CREATE INDEX order_person_email_key ON order_person (email_key);
