-- What waits for a steward, in golden ids and record keys. In: temp review_bits.
CREATE OR REPLACE TABLE review_pair AS
WITH face AS (
    SELECT profile_id, min(record_key) AS record_key, any_value(golden_id) AS golden_id
    FROM record_profile JOIN member USING (record_key)
    WHERE profile_id IN (SELECT unnest([a, b]) FROM review_candidate) GROUP BY profile_id
)
SELECT least(x.golden_id, y.golden_id) AS golden_id_a, greatest(x.golden_id, y.golden_id) AS golden_id_b,
       CASE WHEN x.golden_id < y.golden_id THEN x.record_key ELSE y.record_key END AS record_a,
       CASE WHEN x.golden_id < y.golden_id THEN y.record_key ELSE x.record_key END AS record_b,
       round(c.weight, 3) AS match_weight, c.reason, c.pairs,
       c.name, c.phone, c.identity, c.vehicle, c.address,
       to_json({'name': c.name, 'company': c.company, 'identity': c.identity, 'phone': c.phone,
                'vehicle': c.vehicle, 'fleet': c.fleet, 'address': c.address,
                'birth_date': c.birth_date, 'sex': c.sex, 'email': c.email, 'sale': c.sale,
                'kind': c.kind, 'place': c.place}) AS evidence,
       i.bits
FROM review_candidate c
JOIN face x ON x.profile_id = c.a JOIN face y ON y.profile_id = c.b
JOIN review_bits i ON i.a = c.a AND i.b = c.b
ORDER BY golden_id_a, golden_id_b;
