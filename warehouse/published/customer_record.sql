-- What each record says of its customer, as typed and as understood.
-- @scope record_key
-- @key record_key
-- @reference golden_id dim_customer
-- @column record_key The record, as in customer_xref
-- @column golden_id The customer
-- @column source hq, dealer or station
-- @column outlet_code The outlet; of hq the selling dealer named in the row, or empty
-- @column department Department of the dealer
-- @column file_date Day for which its file was written
-- @column updated_on Day on which the source last changed it
-- @column sold_on Day of the sale
-- @column visited_on Day of the visit
-- @column vehicle_id The car; null where the record tells of none
-- @column plate_status ok, repaired, partial, placeholder, invalid or missing, as of the other fields
-- @column plate The plate @personal
-- @column name_typed The name as typed @personal
-- @column name_status Status of the name
-- @column name_reason Reason code of that; also what kind of partial name it is
-- @column name_kind person, company or unknown
-- @column name The name as understood @personal
-- @column name_title Title that stood with it
-- @column name_sex Sex by that title
-- @column name_fold The name in one script, by which writings of it are the same @personal
-- @column name_script han, latin or other
-- @column company_region Place in a company's name
-- @column company_legal_form Legal form in it
-- @column company_key Name of the company without these, and its city after an @: writings of it have the same @personal
-- @column company_branch Branch in the name @personal
-- @column phone_typed Telephone numbers as typed @personal
-- @column phone_status Status of the first
-- @column phones All usable numbers of the record, E.164 @personal
-- @column id_number_typed Id number as typed @sensitive
-- @column id_number_status Status of it
-- @column id_number The id number as understood @sensitive
-- @column id_number_birth_date Date of birth by the id number @personal
-- @column id_number_sex Sex by the id number @personal
-- @column birth_date Date of birth as filled in @personal
-- @column sex Sex as filled in @personal
-- @column email_typed E-mail address as typed @personal
-- @column email_status Status of it
-- @column email The e-mail address as understood @personal
-- @column address_typed Address as typed @personal
-- @column address_status Status of it
-- @column address The address as understood @personal
-- @column address_is_home Whether it tells a house or a room
SELECT r.record_key, m.golden_id, r.source, r.outlet_code, r.department, r.file_date, r.updated_on,
       r.sold_on, r.visited_on, rv.vehicle_id, r.plate_status, r.plate,
       r.name_typed, r.name_status, r.name_reason, r.name_kind, r.name, r.name_title, r.name_sex,
       r.name_fold, r.name_script, r.company_region, r.company_legal_form, r.company_key,
       r.company_branch,
       r.phone_typed, r.phone_status, r.phones,
       r.id_number_typed, r.id_number_status, r.id_number, r.id_number_birth_date, r.id_number_sex,
       r.birth_date, r.sex, r.email_typed, r.email_status, r.email,
       r.address_typed, r.address_status, r.address,
       coalesce(r.address_room, r.address_number) IS NOT NULL AS address_is_home
FROM store.record r JOIN store.member m USING (record_key)
LEFT JOIN store.record_vehicle rv USING (record_key)
ORDER BY m.golden_id, r.record_key
