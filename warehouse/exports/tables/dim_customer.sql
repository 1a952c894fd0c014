-- In: customer, seen, told. Counts and days are of what is in the file, unless the role sees all.
WITH met AS (
    SELECT golden_id, count(DISTINCT vehicle_id) AS vehicles, min(day) AS first_on, max(day) AS last_on
    FROM seen GROUP BY golden_id
)
SELECT c.golden_id, c.kind,
       CASE WHEN list_contains(t.attributes, 'name') THEN c.name END AS name,
       CASE WHEN list_contains(t.attributes, 'sex') THEN c.sex END AS sex,
       CASE WHEN list_contains(t.attributes, 'birth_date') THEN c.birth_date END AS birth_date,
       CASE WHEN list_contains(t.attributes, 'id_number') THEN c.id_number END AS id_number,
       CASE WHEN list_contains(t.attributes, 'phone') THEN c.phone END AS phone,
       CASE WHEN list_contains(t.attributes, 'email') THEN c.email END AS email,
       CASE WHEN list_contains(t.attributes, 'address') THEN c.address END AS address,
       if(getvariable('network'), c.records, o.records) AS records,
       if(getvariable('network'), c.outlets, o.outlets) AS outlets,
       if(getvariable('network'), c.vehicles, coalesce(m.vehicles, 0)) AS vehicles,
       if(getvariable('network'), c.first_seen_on, m.first_on) AS first_seen_on,
       if(getvariable('network'), c.last_seen_on, m.last_on) AS last_seen_on
FROM published.pii.dim_customer c
JOIN customer o USING (golden_id)
LEFT JOIN met m USING (golden_id)
LEFT JOIN told t USING (golden_id)
ORDER BY c.golden_id
