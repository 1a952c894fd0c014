-- Cars that may soon be replaced by their age in full years.
SELECT least(age_years, 12) AS age, count(*) AS cars FROM mart_replacement_candidates
GROUP BY age ORDER BY age NULLS LAST
