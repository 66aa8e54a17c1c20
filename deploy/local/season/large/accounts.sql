-- Everybody who gave a name, since they bought.
INSERT INTO person (subject_id, name, email, email_key, locale, version, known_since, changed_at)
SELECT subject_id, name, email, lower(email), locale, 1, placed_at, placed_at FROM planned WHERE NOT at_counter;
