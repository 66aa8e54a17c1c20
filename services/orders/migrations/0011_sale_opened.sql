-- Whether it was told that the sale of an event began; sales that had begun before are old news.
ALTER TABLE event ADD COLUMN sale_told boolean NOT NULL DEFAULT false;
UPDATE event SET sale_told = on_sale_from <= now();
