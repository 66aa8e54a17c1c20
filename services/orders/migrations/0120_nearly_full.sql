-- Whether it was told that an event is nearly full, and how often that changed.
ALTER TABLE event
    ADD COLUMN nearly_full          boolean NOT NULL DEFAULT false,
    ADD COLUMN availability_version integer NOT NULL DEFAULT 0;
