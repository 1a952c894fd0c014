-- Key accounts by stage.
SELECT stage, count(*) AS accounts FROM mart_key_accounts GROUP BY stage
