-- What a co-presenter may know now (allowed) and what it ever heard (disclosed) differ after an objection or a
-- restriction; a correction follows what it ever heard (Art. 19).
ALTER TABLE announcement ADD COLUMN disclosed text[] NOT NULL DEFAULT '{}';
UPDATE announcement SET disclosed = allowed;
