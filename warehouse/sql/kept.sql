-- What the excerpts of the store are taken by: of each kind, the keys of what changed, and of what
-- that follows from. In: temp changed.
CREATE OR REPLACE TEMP TABLE golden_id_golden_id AS
SELECT DISTINCT key AS golden_id FROM changed WHERE kind = 'golden_id';

CREATE OR REPLACE TEMP TABLE golden_id_record_key AS
SELECT DISTINCT record_key FROM store.member SEMI JOIN golden_id_golden_id USING (golden_id);

CREATE OR REPLACE TEMP TABLE golden_id_vehicle_id AS
SELECT DISTINCT vehicle_id FROM store.record_vehicle
SEMI JOIN golden_id_record_key USING (record_key);

CREATE OR REPLACE TEMP TABLE vehicle_id_vehicle_id AS
SELECT DISTINCT key AS vehicle_id FROM changed WHERE kind = 'vehicle_id';

CREATE OR REPLACE TEMP TABLE vehicle_id_record_key AS
SELECT DISTINCT record_key FROM store.record_vehicle
SEMI JOIN vehicle_id_vehicle_id USING (vehicle_id);

CREATE OR REPLACE TEMP TABLE record_key_record_key AS
SELECT DISTINCT key AS record_key FROM changed WHERE kind = 'record_key';

-- of golden ids and vehicles: what is wide is looked through once for both
CREATE OR REPLACE TEMP TABLE shared_record_key AS
FROM golden_id_record_key UNION FROM vehicle_id_record_key;

-- of what is linked otherwise, too
CREATE OR REPLACE TEMP TABLE linked_golden_id_golden_id AS
SELECT DISTINCT key AS golden_id FROM changed WHERE kind IN ('golden_id', 'linked_golden_id');

CREATE OR REPLACE TEMP TABLE linked_golden_id_record_key AS
SELECT DISTINCT record_key FROM store.member SEMI JOIN linked_golden_id_golden_id USING (golden_id);

-- links, by the profile at one of their ends
CREATE OR REPLACE TEMP TABLE linked_golden_id_a AS
SELECT DISTINCT profile_id AS a FROM store.record_profile
SEMI JOIN linked_golden_id_record_key USING (record_key);

CREATE OR REPLACE TEMP TABLE linked_record_key_record_key AS
SELECT DISTINCT key AS record_key FROM changed WHERE kind IN ('record_key', 'linked_record_key');
