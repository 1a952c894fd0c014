-- Every value that a record states of a customer: the golden ones first, then those that lost.
SELECT attribute, value, chosen, rule, record_key, source, as_of, records
FROM pii.attribute_lineage WHERE golden_id = $golden_id
ORDER BY array_position(['name', 'phone', 'id_number', 'birth_date', 'sex', 'address', 'email'],
                        attribute), chosen DESC, records DESC, as_of DESC, value
