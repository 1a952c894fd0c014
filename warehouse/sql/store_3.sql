-- From version 2: what the weights of pairs in doubt are made of; the next run tells it.
ALTER TABLE IF EXISTS review_pair ADD COLUMN IF NOT EXISTS bits JSON;
