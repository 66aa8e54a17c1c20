-- Who is suspended sells nothing until the house lets them go on (W-01).
ALTER TABLE organisation ADD COLUMN suspended boolean NOT NULL DEFAULT false;
