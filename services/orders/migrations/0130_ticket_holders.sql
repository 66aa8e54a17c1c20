-- Whose ticket it is, where the buyer says so: a name for somebody who comes along, and nothing more of them. A name that
-- was taken off leaves a row without one, so that late news does not put it back.
CREATE TABLE ticket_holder (
    event_id   uuid NOT NULL,
    ticket_id  uuid NOT NULL,
    order_id   uuid NOT NULL,
    subject_id uuid NOT NULL,
    name       text,
    version    integer NOT NULL CHECK (version >= 1),
    ends_on    date NOT NULL,
    PRIMARY KEY (event_id, ticket_id)
);
CREATE INDEX ticket_holder_order ON ticket_holder (order_id);
CREATE INDEX ticket_holder_subject ON ticket_holder (subject_id);
CREATE INDEX ticket_holder_ends_on ON ticket_holder (ends_on);
