-- Links that the merge made without asking, in the order of the lot: $least of each stratum, which is
-- a band of match weights above the link threshold, from one bound of $bounds to the next. The lot is
-- a hash of the two records: nobody chooses, and a link keeps its place from run to run.
WITH link AS (
    SELECT golden_id, record_a, record_b, match_weight,
           md5(concat_ws(chr(10), 'links', record_a, record_b)) AS link_id,
           len(list_filter($bounds, lambda bound: match_weight >= bound)) AS stratum
    FROM customer_link
), placed AS (
    SELECT *, count(*) OVER (PARTITION BY stratum) AS size,
           row_number() OVER (PARTITION BY stratum ORDER BY link_id) AS place
    FROM link
), drawn AS (FROM placed WHERE place <= $most), his AS (
    SELECT golden_id, list(DISTINCT outlet_code) FILTER (outlet_code <> '') AS outlets
    FROM customer_xref SEMI JOIN drawn USING (golden_id) GROUP BY golden_id
)
SELECT d.link_id, d.golden_id, d.record_a, d.record_b, d.match_weight, d.stratum, d.size,
       coalesce(h.outlets, []) AS outlets,
       EXISTS (FROM mart_key_accounts k WHERE k.golden_id = d.golden_id) AS is_key_account
FROM drawn d JOIN his h USING (golden_id)
ORDER BY d.link_id
