-- Key accounts by how many outlets have a record of them.
SELECT CASE WHEN outlets <= 1 THEN 0 WHEN outlets <= 3 THEN 1 WHEN outlets <= 9 THEN 2 ELSE 3 END AS class,
       count(*) AS accounts
FROM mart_key_accounts GROUP BY class ORDER BY class
