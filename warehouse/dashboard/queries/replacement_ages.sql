-- Cars that may soon be replaced by their age in full years.
SELECT CASE WHEN age_years < 12 THEN age_years WHEN age_years >= 12 THEN 12 END AS age, count(*) AS cars FROM mart_replacement_candidates
GROUP BY age ORDER BY age NULLS LAST
