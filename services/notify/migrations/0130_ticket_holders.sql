-- The name that a buyer wants on a ticket; a lower version changes nothing.
ALTER TABLE ticket ADD COLUMN holder text, ADD COLUMN holder_version integer NOT NULL DEFAULT 0;
