-- Persons whose records state several valid id numbers, or several days of birth and both sexes: who
-- was put together wrongly is among them. The more that contradicts, the earlier.
-- sides: the records by what contradicts: by their valid id number, else by their day of birth.
WITH person AS (
    SELECT golden_id FROM dim_customer WHERE kind = 'person' AND records > 1
), said AS (
    SELECT golden_id, record_key,
           CASE WHEN id_number_status = 'ok' THEN id_number END AS id_number,
           coalesce(id_number_birth_date, birth_date) AS birth,
           coalesce(id_number_sex, sex) AS sex,
           $seen IS NULL OR list_contains($seen, outlet_code) AS is_seen
    FROM pii.customer_record SEMI JOIN person USING (golden_id)
), told AS (
    SELECT golden_id, count(*) AS records, count(DISTINCT id_number) AS id_numbers,
           count(DISTINCT birth) AS births, count(DISTINCT sex) AS sexes, bool_or(is_seen) AS is_seen
    FROM said GROUP BY golden_id
), doubtful AS (
    FROM told WHERE is_seen AND (id_numbers > 1 OR (births > 1 AND sexes > 1))
), side AS (
    SELECT golden_id, list(record_key ORDER BY record_key) AS keys
    FROM said JOIN doubtful d USING (golden_id)
    WHERE CASE WHEN d.id_numbers > 1 THEN id_number IS NOT NULL ELSE birth IS NOT NULL END
    GROUP BY golden_id, CASE WHEN d.id_numbers > 1 THEN id_number ELSE CAST(birth AS VARCHAR) END
)
SELECT d.golden_id, c.name, d.records, d.id_numbers, d.births, d.sexes,
       (SELECT min(match_weight) FROM customer_link l WHERE l.golden_id = d.golden_id) AS bits,
       (SELECT list(keys ORDER BY keys) FROM side s WHERE s.golden_id = d.golden_id) AS sides
FROM doubtful d JOIN dim_customer c USING (golden_id)
ORDER BY d.id_numbers DESC, d.births DESC, d.sexes DESC, d.records DESC, d.golden_id LIMIT $most
