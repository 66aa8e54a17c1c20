-- Letters about a decision on somebody's rights: what was decided about, and why.
ALTER TABLE message ADD COLUMN purpose text, ADD COLUMN grounds text;
