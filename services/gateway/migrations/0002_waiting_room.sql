-- The waiting room: one row per event, whose lock keeps two gateways apart, and one ticket per session in it.

CREATE TABLE waiting_room (
    event_id    uuid PRIMARY KEY,
    opens_at    timestamptz NOT NULL,
    drawn_at    timestamptz,
    seed        bytea NOT NULL,
    commitment  text NOT NULL,
    places      bigint NOT NULL DEFAULT 0,
    called      bigint NOT NULL DEFAULT 0,
    counted_at  timestamptz NOT NULL,
    credit      double precision NOT NULL,
    paced_since timestamptz NOT NULL,
    paced       double precision NOT NULL DEFAULT 0,
    kept_until  timestamptz NOT NULL,
    CHECK (called BETWEEN 0 AND places)
) WITH (fillfactor = 50);

CREATE TABLE waiting_ticket (
    event_id     uuid NOT NULL,
    session_hash bytea NOT NULL,
    subject_id   uuid,
    number       uuid NOT NULL,
    place        bigint,
    turn_until   timestamptz,
    extensions   integer  NOT NULL DEFAULT 0,
    chosen       boolean NOT NULL DEFAULT false,
    arrived_at   timestamptz NOT NULL,
    kept_until   timestamptz NOT NULL,
    PRIMARY KEY (event_id, session_hash)
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX waiting_ticket_place ON waiting_ticket (event_id, place);
CREATE INDEX waiting_ticket_choosing ON waiting_ticket (event_id, turn_until) WHERE NOT chosen;
CREATE INDEX waiting_ticket_session ON waiting_ticket (session_hash);
CREATE INDEX waiting_ticket_expiry ON waiting_ticket (kept_until);
CREATE INDEX waiting_ticket_subject ON waiting_ticket (subject_id) WHERE subject_id IS NOT NULL;
