-- When everybody was last active: it decides whom a sweep forgets.
INSERT INTO activity (subject_id, kind, day)
SELECT subject_id, 'known', placed_at::date FROM planned WHERE NOT at_counter
UNION ALL SELECT subject_id, 'purchase', placed_at::date FROM planned WHERE NOT at_counter AND NOT expired
UNION ALL SELECT subject_id, 'admission', starts_at::date FROM planned WHERE NOT at_counter AND NOT expired AND came;
