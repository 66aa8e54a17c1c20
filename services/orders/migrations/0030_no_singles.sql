-- Whoever picks seats online may be asked to leave no single one, where the planner of a date says so.
ALTER TABLE event ADD COLUMN no_singles boolean NOT NULL DEFAULT false;
