-- Every order of eight years with the ids that each service knows it by: the same in every database and at every load.
-- $1 now, $2 orders, $3 evenings, $4 first names, $5 last names. Recent years are fuller than those long ago.
CREATE TEMP TABLE planned ON COMMIT DROP AS
SELECT n, md5('season:order:' || n)::uuid AS order_id, md5('season:hold:' || n)::uuid AS hold_id,
    md5('season:payment:' || n)::uuid AS payment_id, md5('season:subject:' || n)::uuid AS subject_id,
    e, md5('season:evening:' || e)::uuid AS event_id, md5('season:price:' || e)::uuid AS price_id,
    starts_at, starts_at - interval '1 day' * (1 + n % 40) - interval '1 second' * (n % 3600) AS placed_at,
    1 + n % 3 AS places, n % 10 = 0 AS at_counter, n % 33 = 1 AS expired, n % 12 <> 5 AS came,
    'SZ-' || lpad(n::text, 6, '0') AS number,
    ($4::text[])[1 + n % cardinality($4)] || ' ' || ($5::text[])[1 + n / 7 % cardinality($5)] AS name,
    'bezoeker' || n || '@seizoen.example' AS email, (ARRAY['nl', 'fr', 'en'])[1 + n % 3] AS locale
FROM generate_series(1, $2::int) AS n, LATERAL (SELECT n % $3::int AS e) evening,
    LATERAL (SELECT date_trunc('day', $1::timestamptz) - interval '1 day' * (35 + round(2880 * power(e::float / $3, 3)))
        + interval '19 hours' AS starts_at) moment
