-- Pairs of customers that the merge was not sure of: what waits for a steward.
-- @key golden_id_a, golden_id_b
-- @reference golden_id_a dim_customer
-- @reference golden_id_b dim_customer
-- @column golden_id_a The one customer
-- @column golden_id_b The other
-- @column record_a The record of a whose link to b weighs most
-- @column record_b The record of b that it links to
-- @column match_weight Weight of that link, in bits
-- @column reason grey_zone: between the thresholds; a rule's name: held back by it; refused_…: would have joined a contradiction
-- @column pairs Pairs of profiles in doubt between the two
-- @column name How the names agree
-- @column phone How the phones agree
-- @column identity How the id numbers agree
-- @column vehicle How the cars agree
-- @column address How the addresses agree
-- @column evidence All levels as JSON
-- @column bits What each comparison adds to the weight, in bits, and the prior, as JSON; their sum is match_weight
SELECT golden_id_a, golden_id_b, record_a, record_b, match_weight, reason, pairs,
       name, phone, identity, vehicle, address, evidence, bits
FROM store.review_pair
ORDER BY golden_id_a, golden_id_b
