-- Who asked to be shielded (F-70). Without a reason it has ended: the version stays, so that late news stays late.
CREATE TABLE protection (
    subject_id    uuid PRIMARY KEY,
    protection_id uuid,
    reason        text CHECK (reason IN ('threat', 'known', 'order')),
    since         timestamptz,
    review_on     date,
    version       integer NOT NULL CHECK (version >= 1),
    CHECK (num_nulls(protection_id, reason, since, review_on) IN (0, 4))
);
CREATE INDEX protection_review_on ON protection (review_on) WHERE reason IS NOT NULL;
