-- What the published file holds.
SELECT run_id, day, records, customers FROM meta.version
