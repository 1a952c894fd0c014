-- Cars by dealer, quarter of sale and service, of quarters all of whose cars are old enough for that
-- service: in a younger one those who came early would be counted, and those still to come not.
-- `latest` counts quarters back from 1; a dealer with fewer than $least cars is the empty code.
CREATE OR REPLACE TEMP TABLE retention_due AS
WITH due AS (
    SELECT *, dense_rank() OVER (PARTITION BY service_no ORDER BY sold_in DESC) AS latest
    FROM mart_service_retention
    WHERE CAST(sold_in + INTERVAL 3 MONTH AS DATE) - 1 + service_no * $service_interval_days
        <= (SELECT day FROM meta.version)
), sized AS (
    SELECT *, sum(cars) FILTER (WHERE service_no = 1 AND latest <= 12)
               OVER (PARTITION BY selling_outlet) AS size
    FROM due
)
SELECT CASE WHEN size >= $least THEN selling_outlet ELSE '' END AS outlet, sold_in, service_no, latest,
       cars, at_outlet, elsewhere, nowhere
FROM sized
