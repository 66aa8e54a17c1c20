-- Who works here and has no second factor yet is a visitor who is led to one.
ALTER TABLE session ADD COLUMN due boolean NOT NULL DEFAULT false;
