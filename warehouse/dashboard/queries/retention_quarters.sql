-- The network's cars by quarter of sale and service.
SELECT sold_in, service_no, CAST(sum(cars) AS BIGINT) AS cars,
       CAST(sum(at_outlet + elsewhere) AS BIGINT) AS came
FROM retention_due WHERE latest <= 20 GROUP BY sold_in, service_no ORDER BY sold_in, service_no
