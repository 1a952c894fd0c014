-- The network's cars of the last twelve quarters that count, by service.
SELECT service_no, CAST(sum(cars) AS BIGINT) AS cars, CAST(sum(at_outlet) AS BIGINT) AS at_outlet,
       CAST(sum(elsewhere) AS BIGINT) AS elsewhere, CAST(sum(nowhere) AS BIGINT) AS nowhere,
       min(sold_in) AS first_quarter, max(sold_in) AS last_quarter
FROM retention_due WHERE latest <= 12 GROUP BY service_no ORDER BY service_no
