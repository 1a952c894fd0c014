-- Cars that may soon be replaced, and why; a car may have several reasons.
SELECT count(*) AS cars, count(DISTINCT golden_id) AS owners,
       count(*) FILTER (WHERE by_age) AS by_age, count(*) FILTER (WHERE by_mileage) AS by_mileage,
       count(*) FILTER (WHERE by_rhythm) AS by_rhythm, count(*) FILTER (WHERE reasons > 1) AS several
FROM mart_replacement_candidates
