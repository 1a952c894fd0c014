-- The documents of the customers from $first to $last, by golden id. In: a published version.
WITH customer AS (
    FROM pii.dim_customer WHERE golden_id BETWEEN $first AND $last
), key_account AS (
    SELECT DISTINCT golden_id FROM mart_key_accounts WHERE golden_id BETWEEN $first AND $last
), whole AS (
    SELECT c.golden_id, c.* EXCLUDE (golden_id),
           m.cars_owned, m.visits, m.amount_cny, m.first_contact_on, m.last_contact_on,
           m.last_outlet, m.stage, m.next_event, m.next_event_on,
           k.golden_id IS NOT NULL AS is_key_account, (SELECT day FROM meta.version) AS today
    FROM customer c JOIN mart_customer_360 m USING (golden_id)
    LEFT JOIN key_account k USING (golden_id)
    WHERE m.golden_id BETWEEN $first AND $last

-- What the records say of what can be typed wrongly, attribute by attribute.
), typed AS (
    SELECT golden_id,
           unnest(['name', 'phone', 'id_number', 'address', 'email']) AS attribute,
           unnest([[name], phones, [id_number], [address], [email]]) AS stated,
           unnest([name_typed, phone_typed, id_number_typed, address_typed, email_typed]) AS text,
           unnest([name_status, phone_status, id_number_status, address_status, email_status])
               AS status
    FROM pii.customer_record WHERE golden_id BETWEEN $first AND $last

-- The values that no record states without some repair, with the best status that one has.
), doubtful AS (
    SELECT golden_id, attribute, value,
           (['ok', 'repaired', 'partial'])[
               min(array_position(['ok', 'repaired', 'partial'], status))] AS status
    FROM (SELECT golden_id, attribute, unnest(stated) AS value, status FROM typed
          WHERE status IN ('ok', 'repaired', 'partial'))
    GROUP BY golden_id, attribute, value HAVING NOT bool_or(status = 'ok')

-- What was typed and gave no value.
), unusable AS (
    SELECT golden_id, list({attribute: attribute, value: text, status: status, records: records}
                           ORDER BY records DESC, attribute, text, status) AS told
    FROM (SELECT golden_id, attribute, text, status, count(*) AS records FROM typed
          WHERE text <> '' AND NOT list_bool_or(
              [false] || list_transform(stated, lambda one: coalesce(one <> '', false)))
          GROUP BY ALL)
    GROUP BY golden_id

-- Every value that a record states: the golden ones first, then those that lost. status: the best
-- that a record has it with; others: who hold a phone, too; verdict: of one that many hold.
), stated AS (
    SELECT l.golden_id, list({
               attribute: l.attribute, value: l.value, chosen: l.chosen, rule: l.rule,
               record_key: l.record_key, source: l.source, as_of: l.as_of, records: l.records,
               status: coalesce(d.status, 'ok'), others: coalesce(p.shared_by, 0),
               verdict: g.verdict
           } ORDER BY array_position(
                 ['name', 'phone', 'id_number', 'birth_date', 'sex', 'address', 'email'],
                 l.attribute), l.chosen DESC, l.records DESC, l.as_of DESC, l.value) AS told
    FROM pii.attribute_lineage l
    LEFT JOIN pii.customer_phone p
        ON l.attribute = 'phone' AND p.golden_id = l.golden_id AND p.phone = l.value
    LEFT JOIN pii.generic_value g
        ON l.attribute = 'phone' AND g.column_name = 'phones' AND g.held = l.value
    LEFT JOIN doubtful d ON d.golden_id = l.golden_id AND d.attribute = l.attribute
        AND d.value = l.value
    WHERE l.golden_id BETWEEN $first AND $last GROUP BY l.golden_id

), names AS (
    SELECT golden_id, list({
               name: name, kind: kind, first_told_on: first_told_on, last_told_on: last_told_on,
               outlets: outlets, records: records
           } ORDER BY array_position(['present', 'former', 'writing', 'other'], kind),
                      records DESC, name) AS told
    FROM pii.customer_name WHERE golden_id BETWEEN $first AND $last GROUP BY golden_id
), phones AS (
    SELECT golden_id, list({
               phone: phone, kind: kind, first_seen_on: first_seen_on, last_seen_on: last_seen_on,
               outlets: outlets, records: records, shared_by: shared_by
           } ORDER BY rank) AS told
    FROM pii.customer_phone WHERE golden_id BETWEEN $first AND $last GROUP BY golden_id

), happened AS (
    SELECT golden_id, sold_on AS day, 'sale' AS what, outlet_code, sale_id AS place, vehicle_id,
           NULL AS mileage_km, model AS detail, NULL AS amount_cny
    FROM fact_sale WHERE golden_id BETWEEN $first AND $last
    UNION ALL
    SELECT golden_id, visited_on, 'visit', outlet_code, order_no, vehicle_id, mileage_km,
           service_kind, amount_cny
    FROM fact_service_visit WHERE golden_id BETWEEN $first AND $last
), events AS (
    SELECT golden_id, list({
               day: day, what: what, outlet_code: outlet_code, vehicle_id: vehicle_id,
               mileage_km: mileage_km, detail: detail, amount_cny: amount_cny
           } ORDER BY day DESC NULLS LAST, what DESC, outlet_code, place) AS told
    FROM happened GROUP BY golden_id

-- The cars that he owns or owned, and after them those that he only bought or brought.
), owned AS (
    SELECT golden_id, vehicle_id, owned_from, owned_to, evidence
    FROM bridge_ownership WHERE golden_id BETWEEN $first AND $last
), his AS (
    FROM owned
    UNION ALL
    SELECT DISTINCT golden_id, vehicle_id, CAST(NULL AS DATE), CAST(NULL AS DATE), 'brought'
    FROM happened ANTI JOIN owned USING (golden_id, vehicle_id) WHERE vehicle_id IS NOT NULL
), cars AS (
    SELECT h.golden_id, list({
               vehicle_id: h.vehicle_id, vin: v.vin, plate: v.plate, model: v.model,
               model_year: v.model_year, sold_on: v.sold_on, selling_outlet: v.selling_outlet,
               visits: v.visits, last_mileage_km: v.last_mileage_km,
               owned_from: h.owned_from, owned_to: h.owned_to, evidence: h.evidence
           } ORDER BY h.evidence = 'brought', h.owned_to IS NULL DESC,
                      h.owned_from DESC NULLS LAST, h.vehicle_id) AS told
    FROM his h JOIN pii.dim_vehicle v USING (vehicle_id) GROUP BY h.golden_id

-- Who a customer is related to, told from his side.
), related AS (
    SELECT golden_id, other_id, kind, evidence, records
    FROM customer_relation WHERE golden_id BETWEEN $first AND $last
    UNION ALL
    SELECT other_id, golden_id, 'his_' || replace(kind, '_of', ''), evidence, records
    FROM customer_relation WHERE other_id BETWEEN $first AND $last AND kind <> 'household'
), relations AS (
    SELECT golden_id, list({other_id: other_id, kind: kind, evidence: evidence, records: records}
                           ORDER BY kind, records DESC, other_id) AS told
    FROM related GROUP BY golden_id

-- What became of a golden id, and of those that were merged into it, the newest first.
), about AS (
    SELECT golden_id, golden_id AS named FROM customer
    UNION ALL
    SELECT redirect_to, golden_id FROM golden_id_redirect WHERE redirect_to BETWEEN $first AND $last
), happening AS (
    SELECT a.golden_id, unnest(e) FROM about a
    JOIN (SELECT sequence, run_id, kind, golden_id AS id, other_id, cause, records_before,
                 records_after FROM golden_id_event) e ON e.id = a.named
    UNION
    SELECT o.golden_id, unnest(e) FROM customer o
    JOIN (SELECT sequence, run_id, kind, golden_id AS id, other_id, cause, records_before,
                 records_after FROM golden_id_event) e ON e.other_id = o.golden_id
), history AS (
    SELECT h.golden_id, list({
               sequence: sequence, run_id: run_id, finished_at: r.finished_at, kind: h.kind,
               golden_id: h.id, other_id: h.other_id, cause: h.cause,
               records_before: records_before, records_after: records_after
           } ORDER BY sequence DESC) AS told
    FROM happening h LEFT JOIN run r USING (run_id) GROUP BY h.golden_id

), source AS (
    SELECT golden_id, list(DISTINCT outlet_code) FILTER (outlet_code <> '') AS outlets, list({
               source: source, outlet_code: outlet_code, source_key: source_key,
               record_key: record_key, match_weight: match_weight, since_run: since_run
           } ORDER BY record_key) AS told
    FROM customer_xref WHERE golden_id BETWEEN $first AND $last GROUP BY golden_id

-- The records, the newest first, with what each says as understood where that could be; said:
-- attribute -> values as understood, the text as typed, the status.
), record AS (
    SELECT golden_id, record_key, source, outlet_code, department, plate, vehicle_id,
           coalesce(updated_on, visited_on, sold_on, file_date) AS day,
           CASE WHEN visited_on IS NOT NULL THEN 'visit'
                WHEN sold_on IS NOT NULL THEN 'sale'
                WHEN updated_on IS NOT NULL THEN 'filed' END AS what,
           coalesce(visited_on, sold_on, updated_on) AS happened_on,
           coalesce(phones, []) AS numbers,
           {
               name: json_array([name], name_typed, name_status),
               phone: json_array(phones, phone_typed, phone_status),
               id_number: json_array([id_number], id_number_typed, id_number_status),
               address: json_array([address], address_typed, address_status),
               email: json_array([email], email_typed, email_status),
               sex: json_array([coalesce(id_number_sex, sex, name_sex)], NULL, 'ok'),
               birth_date: json_array(
                   [CAST(coalesce(id_number_birth_date, birth_date) AS VARCHAR)], NULL, 'ok')
           } AS said
    FROM pii.customer_record WHERE golden_id BETWEEN $first AND $last
), records AS (
    SELECT golden_id, list({
               record_key: record_key, source: source, outlet_code: outlet_code,
               department: department, day: day, plate: plate, vehicle_id: vehicle_id,
               what: what, happened_on: happened_on, said: said
           } ORDER BY day DESC, record_key) AS told,
           {
               keys: list(record_key ORDER BY day DESC, record_key),
               numbers: list_sort(list_distinct(flatten(list(numbers))))
           } AS named
    FROM record GROUP BY golden_id

-- What happened with each car, and with what names none, by day: day, what, source, outlet.
), contacts AS (
    SELECT golden_id, list({vehicle_id: vehicle_id, days: days} ORDER BY vehicle_id) AS told
    FROM (SELECT golden_id, vehicle_id,
                 list(json_array(happened_on, what, source, outlet_code)
                      ORDER BY happened_on, record_key) AS days
          FROM record WHERE happened_on IS NOT NULL GROUP BY golden_id, vehicle_id)
    GROUP BY golden_id
)
-- A document is lines: he as a whole and how many rows each list has; what his records are named by;
-- then the rows, list by list, so that whoever asks for some reads these alone.
SELECT w.golden_id, w.name, w.kind, CAST(to_json(coalesce(source.outlets, [])) AS VARCHAR),
       concat_ws(chr(10),
           CAST(to_json({row: w, counts: {
               lineage: len(stated.told), unusable: len(unusable.told), names: len(names.told),
               phones: len(phones.told), cars: len(cars.told), events: len(events.told),
               relations: len(relations.told), history: len(history.told),
               sources: len(source.told), contacts: len(contacts.told),
               records: len(records.told)
           }}) AS VARCHAR),
           CAST(to_json(coalesce(records.named, {keys: [], numbers: []})) AS VARCHAR),
           lines(stated.told), lines(unusable.told), lines(names.told), lines(phones.told),
           lines(cars.told), lines(events.told), lines(relations.told), lines(history.told),
           lines(source.told), lines(contacts.told), lines(records.told)
       )
FROM whole w
LEFT JOIN stated USING (golden_id) LEFT JOIN unusable USING (golden_id)
LEFT JOIN names USING (golden_id) LEFT JOIN phones USING (golden_id)
LEFT JOIN events USING (golden_id) LEFT JOIN cars USING (golden_id)
LEFT JOIN relations USING (golden_id) LEFT JOIN history USING (golden_id)
LEFT JOIN source USING (golden_id) LEFT JOIN contacts USING (golden_id)
LEFT JOIN records USING (golden_id)
ORDER BY w.golden_id
