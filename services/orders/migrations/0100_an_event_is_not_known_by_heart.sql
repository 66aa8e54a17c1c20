-- Of an event that has just gone on sale the last statistics know nothing, so PostgreSQL takes it for empty, and reads
-- all of its holds to find one. Without statistics of this column it takes each event for a two hundredth of the table,
-- which is never too little to go by the whole key.
ALTER TABLE hold ALTER COLUMN event_id SET STATISTICS 0;
ALTER TABLE hold_line ALTER COLUMN event_id SET STATISTICS 0;
ALTER TABLE placed_order ALTER COLUMN event_id SET STATISTICS 0;
ALTER TABLE order_person ALTER COLUMN event_id SET STATISTICS 0;
ALTER TABLE payment ALTER COLUMN event_id SET STATISTICS 0;
ALTER TABLE ticket ALTER COLUMN event_id SET STATISTICS 0;
