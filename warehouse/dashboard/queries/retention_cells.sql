-- Each dealer's cars by quarter of sale, and who of them came for the first service.
SELECT outlet, sold_in, CAST(sum(cars) AS BIGINT) AS cars,
       CAST(sum(at_outlet + elsewhere) AS BIGINT) AS came
FROM retention_due WHERE latest <= 12 AND service_no = 1 GROUP BY outlet, sold_in ORDER BY outlet, sold_in
