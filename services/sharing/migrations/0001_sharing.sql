-- What sharing holds: who may get what under which terms, who got what, and who must forget it.

CREATE TABLE organisation (
    organisation_id uuid PRIMARY KEY,
    name            text NOT NULL,
    version         integer NOT NULL
);

-- Terms that an organisation accepted. `announced` says what other services were told of it.
CREATE TABLE agreement (
    agreement_id    uuid PRIMARY KEY,
    organisation_id uuid NOT NULL,
    kind            text NOT NULL CHECK (kind IN ('processor', 'joint_controllers', 'separate_controllers')),
    allowed         text[] NOT NULL,
    valid_from      timestamptz NOT NULL,
    valid_until     timestamptz,
    version         integer NOT NULL DEFAULT 0,
    announced       text NOT NULL DEFAULT 'nothing' CHECK (announced IN ('nothing', 'begun', 'ended')),
    CHECK (valid_until IS NULL OR valid_until > valid_from)
);
CREATE INDEX agreement_organisation ON agreement (organisation_id);

-- Where an organisation takes messages. The secrets are sealed; two while one is being replaced.
CREATE TABLE endpoint (
    organisation_id uuid PRIMARY KEY,
    url             text NOT NULL,
    sealed_secrets  bytea NOT NULL
);

-- A replica of what is public about an event.
CREATE TABLE event_facts (
    event_id  uuid PRIMARY KEY,
    version   integer NOT NULL,
    title_nl  text NOT NULL,
    title_fr  text NOT NULL,
    title_en  text NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at   timestamptz NOT NULL
);

-- Someone who bought for a co-presented event. attendee_id is a random id of its own, which the recipient gets;
-- the subject id never leaves the house.
CREATE TABLE attendee (
    attendee_id     uuid PRIMARY KEY,
    subject_id      uuid NOT NULL,
    order_id        uuid NOT NULL,
    event_id        uuid NOT NULL,
    organisation_id uuid NOT NULL,
    allowed         text[] NOT NULL,
    version         integer NOT NULL,
    registered_at   timestamptz NOT NULL,
    UNIQUE (order_id, event_id, organisation_id)
);
CREATE INDEX attendee_subject ON attendee (subject_id);
CREATE INDEX attendee_event ON attendee (organisation_id, event_id);

-- Each purpose has its own part of an attendee, so that none can borrow from another.
CREATE TABLE attendee_door (
    order_id        uuid NOT NULL,
    event_id        uuid NOT NULL,
    organisation_id uuid NOT NULL,
    subject_id      uuid NOT NULL,
    name            text,
    name_version    integer NOT NULL,
    seats           text[] NOT NULL,
    ends_at         timestamptz,
    PRIMARY KEY (order_id, event_id, organisation_id)
);
CREATE INDEX attendee_door_subject ON attendee_door (subject_id);
CREATE INDEX attendee_door_without_end ON attendee_door (event_id) WHERE ends_at IS NULL;

CREATE TABLE attendee_news (
    order_id        uuid NOT NULL,
    event_id        uuid NOT NULL,
    organisation_id uuid NOT NULL,
    subject_id      uuid NOT NULL,
    email           text,
    email_version   integer NOT NULL,
    registered_at   timestamptz NOT NULL,
    PRIMARY KEY (order_id, event_id, organisation_id)
);
CREATE INDEX attendee_news_subject ON attendee_news (subject_id);

-- The latest correction of a person, for a registration that is still under way.
CREATE TABLE correction (
    subject_id    uuid PRIMARY KEY,
    name          text,
    name_version  integer NOT NULL DEFAULT 0,
    email         text,
    email_version integer NOT NULL DEFAULT 0,
    corrected_at  timestamptz NOT NULL
);

-- One message to a recipient; its id is the webhook-id. The body is made when it is sent, so nothing stale leaves.
-- Recalls carry no subject: they outlive the person's rows, and know the recipient's own id for them only.
-- about: fields (corrected) or purposes (objected).
CREATE TABLE delivery (
    delivery_id     uuid PRIMARY KEY,
    position        bigint GENERATED ALWAYS AS IDENTITY,
    organisation_id uuid NOT NULL,
    attendee_id     uuid NOT NULL,
    subject_id      uuid,
    kind            text NOT NULL CHECK (kind IN ('registered', 'corrected', 'objected', 'erased')),
    about           text[] NOT NULL DEFAULT '{}',
    recall_id       uuid,
    state           text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'sending', 'delivered', 'acknowledged', 'failed', 'dropped')),
    attempts        integer NOT NULL DEFAULT 0,
    next_try        timestamptz NOT NULL,
    created_at      timestamptz NOT NULL,
    delivered_at    timestamptz
);
CREATE INDEX delivery_due ON delivery (organisation_id, next_try) WHERE state IN ('waiting', 'sending');
CREATE INDEX delivery_attendee ON delivery (attendee_id, position);
CREATE INDEX delivery_subject ON delivery (subject_id);
CREATE INDEX delivery_recall ON delivery (recall_id) WHERE recall_id IS NOT NULL;

-- Who got data of a person, for what (Art. 15(1)(c), 19).
CREATE TABLE disclosure (
    disclosure_id   uuid PRIMARY KEY,
    subject_id      uuid NOT NULL,
    organisation_id uuid NOT NULL,
    attendee_id     uuid NOT NULL,
    allowed         text[] NOT NULL,
    made_at         timestamptz NOT NULL
);
CREATE INDEX disclosure_subject ON disclosure (subject_id);
CREATE INDEX disclosure_attendee ON disclosure (attendee_id);

-- A recipient that must forget someone, and what it answered. It proves that the recall was made (Art. 19, X-02).
CREATE TABLE recall (
    recall_id       uuid PRIMARY KEY,
    case_id         uuid NOT NULL,
    subject_id      uuid NOT NULL,
    organisation_id uuid NOT NULL,
    state           text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'acknowledged', 'overdue')),
    ordered_at      timestamptz NOT NULL,
    due_at          timestamptz NOT NULL,
    answered_at     timestamptz,
    UNIQUE (case_id, organisation_id)
);
CREATE INDEX recall_due ON recall (due_at) WHERE state = 'waiting';
