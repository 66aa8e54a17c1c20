-- Where to write to everybody, and what was written within the term of messages; papers are past theirs.
INSERT INTO contact (subject_id, name, name_version, email, email_version, locale, locale_version, updated_at)
SELECT subject_id, name, 1, email, 1, locale, 1, placed_at FROM planned WHERE NOT at_counter;
INSERT INTO message (id, subject_id, template, order_id, event_id, state, attempts, next_try, created_at, sent_at)
SELECT md5('season:message:' || n)::uuid, subject_id, 'tickets', order_id, event_id, 'sent', 1, placed_at, placed_at,
    placed_at FROM planned
WHERE NOT at_counter AND NOT expired AND placed_at > current_timestamp - interval '360 days';
