-- Each dealer's cars of the last twelve quarters that count, by service.
SELECT outlet, service_no, CAST(sum(cars) AS BIGINT) AS cars,
       CAST(sum(at_outlet) AS BIGINT) AS at_outlet, CAST(sum(elsewhere) AS BIGINT) AS elsewhere
FROM retention_due WHERE latest <= 12 GROUP BY outlet, service_no ORDER BY outlet, service_no
