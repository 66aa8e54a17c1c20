-- Money on its way back is followed until it arrived, and what a bank takes back is known until it comes again.
ALTER TABLE refund
    ADD COLUMN reason  text NOT NULL DEFAULT 'late' CHECK (reason IN ('late', 'double', 'other_amount')),
    ADD COLUMN tries   integer NOT NULL DEFAULT 0,
    ADD COLUMN look_at timestamptz NOT NULL DEFAULT '-infinity',
    DROP CONSTRAINT refund_state_check,
    ADD CONSTRAINT refund_state_check CHECK (state IN ('due', 'sent', 'settled', 'refused'));
UPDATE refund SET state = 'due' WHERE state = 'refused';     -- Nothing that is owed is given up.
CREATE INDEX refund_under_way ON refund (look_at) WHERE state IN ('due', 'sent');
DROP INDEX refund_due;

-- What a buyer's bank took back of a payment.
CREATE TABLE chargeback (
    event_id      uuid NOT NULL,
    chargeback_id uuid NOT NULL,
    payment_id    uuid NOT NULL,
    order_id      uuid NOT NULL,
    provider_id   text NOT NULL,
    cents         integer NOT NULL CHECK (cents > 0),
    came_at       timestamptz NOT NULL,
    reversed_at   timestamptz,
    PRIMARY KEY (event_id, chargeback_id),
    UNIQUE (event_id, provider_id)
);
CREATE INDEX chargeback_payment ON chargeback (event_id, payment_id);
CREATE INDEX payment_charged_back ON payment (look_at) WHERE state = 'charged_back';

-- The door lets nobody in with it, for as long as its order is charged back.
ALTER TABLE ticket ADD COLUMN barred boolean NOT NULL DEFAULT false;

ALTER TABLE book_entry
    DROP CONSTRAINT book_entry_kind_check,
    ADD CONSTRAINT book_entry_kind_check CHECK (kind IN ('sale', 'payment', 'refund', 'chargeback', 'reversal'));
