-- What planners plan: seasons, series and productions with several dates; halls with zones and places of several
-- kinds; prices with conditions and by zone; sale windows; places kept for a channel; codes; how an organiser looks.
-- Nobody stands in these tables. Every column has a default, so that the previous release runs on them.

CREATE TABLE season (
    season_id uuid PRIMARY KEY,
    title     jsonb NOT NULL,
    first_day date NOT NULL,
    last_day  date NOT NULL CHECK (first_day <= last_day)
);

CREATE TABLE series (
    series_id uuid PRIMARY KEY,
    title     jsonb NOT NULL
);

-- What is played, on one or several dates: each date is an event with a copy of these texts, so that selling one
-- date reads one row.
CREATE TABLE production (
    production_id   uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    season_id       uuid REFERENCES season,
    series_id       uuid REFERENCES series,
    title           jsonb NOT NULL,
    blurb           jsonb NOT NULL
);
CREATE INDEX production_season ON production (season_id) WHERE season_id IS NOT NULL;

ALTER TABLE event
    ADD COLUMN production_id    uuid REFERENCES production,
    ADD COLUMN state            text NOT NULL DEFAULT 'on_sale'
        CHECK (state IN ('draft', 'published', 'on_sale', 'closed')),
    ADD COLUMN online_until     timestamptz,                 -- Without one: until it starts.
    ADD COLUMN wheelchair_until timestamptz,                 -- Without one: such places are never for others.
    ADD COLUMN counter_standing integer NOT NULL DEFAULT 0,  -- The last standing places are the counter's …
    ADD COLUMN counter_until    timestamptz;                 -- … until then; without one: to the end.
CREATE INDEX event_production ON event (production_id) WHERE production_id IS NOT NULL;

ALTER TABLE hall ADD COLUMN standing integer NOT NULL DEFAULT 0 CHECK (standing >= 0);

-- A part of a hall with prices of its own, such as the balcony.
CREATE TABLE hall_zone (
    hall_id  uuid NOT NULL REFERENCES hall,
    zone     text NOT NULL CHECK (zone ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    position integer NOT NULL,
    title    jsonb NOT NULL,
    PRIMARY KEY (hall_id, zone)
);

ALTER TABLE hall_seat
    ADD COLUMN zone text NOT NULL DEFAULT '',
    ADD COLUMN kind text NOT NULL DEFAULT 'normal'
        CHECK (kind IN ('normal', 'wheelchair', 'companion', 'restricted'));

-- Copied from the hall when an event gets its seats, so that selling a seat reads one table.
ALTER TABLE seat
    ADD COLUMN zone       text NOT NULL DEFAULT '',
    ADD COLUMN kind       text NOT NULL DEFAULT 'normal'
        CHECK (kind IN ('normal', 'wheelchair', 'companion', 'restricted')),
    ADD COLUMN kept_for   text CHECK (kept_for IN ('counter', 'nobody')),
    ADD COLUMN kept_until timestamptz;                       -- Without one: to the end.

-- `cents` is the price where `zones` names no other for the seat's zone. Age and proof are looked at by people at
-- the door and stored nowhere.
ALTER TABLE price
    ADD COLUMN zones      jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN channels   text[] NOT NULL DEFAULT '{online,counter}',
    ADD COLUMN least      integer NOT NULL DEFAULT 1 CHECK (least BETWEEN 1 AND 50),
    ADD COLUMN most       integer CHECK (most BETWEEN 1 AND 50),
    ADD COLUMN youngest   integer CHECK (youngest BETWEEN 0 AND 120),
    ADD COLUMN oldest     integer CHECK (oldest BETWEEN 0 AND 120),
    ADD COLUMN proof      jsonb,
    ADD COLUMN sold_from  timestamptz,
    ADD COLUMN sold_until timestamptz;

-- A code takes something off. How often it was used is counted from holds, so that a hold that ran out or was given
-- back gives the use back too, and nothing has to be put right.
CREATE TABLE voucher (
    voucher_id  uuid PRIMARY KEY,
    code        text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9-]{3,40}$'),
    kind        text NOT NULL CHECK (kind IN ('percent', 'amount')),
    value       integer NOT NULL CHECK (value >= 1 AND (kind = 'amount' OR value <= 100)),
    event_id    uuid REFERENCES event,
    valid_from  timestamptz NOT NULL,
    valid_until timestamptz,
    uses        integer CHECK (uses >= 1)
);
ALTER TABLE hold
    ADD COLUMN voucher_id     uuid,
    ADD COLUMN discount_cents integer NOT NULL DEFAULT 0;
CREATE INDEX hold_voucher ON hold (voucher_id) WHERE voucher_id IS NOT NULL;

-- How an organiser's own ticket page looks.
CREATE TABLE brand (
    organisation_id uuid PRIMARY KEY,
    slug            text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    wordmark        text NOT NULL,
    accent          text NOT NULL CHECK (accent ~ '^#[0-9a-f]{6}$')
);
