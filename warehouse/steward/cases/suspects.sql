-- Persons whose records state several valid id numbers, or several days of birth and both sexes: who
-- was put together wrongly is among them. The more that contradicts, the earlier.
WITH person AS (
    SELECT golden_id FROM dim_customer WHERE kind = 'person' AND records > 1
), told AS (
    SELECT golden_id, count(*) AS records,
           count(DISTINCT CASE WHEN id_number_status = 'ok' THEN id_number END) AS id_numbers,
           count(DISTINCT coalesce(id_number_birth_date, birth_date)) AS births,
           count(DISTINCT coalesce(id_number_sex, sex)) AS sexes,
           bool_or($seen IS NULL OR list_contains($seen, outlet_code)) AS is_seen
    FROM pii.customer_record SEMI JOIN person USING (golden_id) GROUP BY golden_id
), doubtful AS (
    FROM told WHERE is_seen AND (id_numbers > 1 OR (births > 1 AND sexes > 1))
)
SELECT d.golden_id, c.name, d.records, d.id_numbers, d.births, d.sexes,
       (SELECT min(match_weight) FROM customer_link l WHERE l.golden_id = d.golden_id) AS bits
FROM doubtful d JOIN dim_customer c USING (golden_id)
ORDER BY d.id_numbers DESC, d.births DESC, d.sexes DESC, d.records DESC, d.golden_id LIMIT $most
