"""A published warehouse of any size in a second: a made-up star, and the marts' own SQL on it."""

from __future__ import annotations

from pathlib import Path

import duckdb

from warehouse.database import connect
from warehouse.publish import LINK
from warehouse.tables import tables

#: Each customer has a dealer by chance and one car, every fortieth four; the higher his number the
#: later he bought. Every third visit is at a station. D0001 sold to two customers alone; a model is
#: called what would be markup, if a page read it so.
_STAR = """
    CREATE TABLE run AS SELECT 1 AS run_id, DATE '2024-03-01' AS day;
    CREATE TABLE dim_customer AS
    SELECT printf('C%08d', i) AS golden_id, i, '王小明' AS name, '+8613900000000' AS phone,
           CASE WHEN i % 40 = 0 THEN 'company' ELSE 'person' END AS kind,
           printf('D%04d', CASE WHEN i < 2 THEN 1 ELSE 2 + hash(i) % ($dealers - 1) END) AS dealer,
           DATE '2018-01-01' + CAST(2200 * i // $customers AS INTEGER) AS since
    FROM range($customers) t (i);
    CREATE TABLE fact_sale AS
    SELECT vehicle_id AS sale_id, vehicle_id, golden_id, dealer AS outlet_code, since AS sold_on
    FROM (SELECT golden_id || 'V' || n AS vehicle_id, golden_id, dealer, since
          FROM dim_customer JOIN range(4) c (n) ON n = 0 OR i % 40 = 0);
    CREATE TABLE fact_service_visit AS
    SELECT sale_id || 'N' || n AS visit_id, vehicle_id, golden_id, visited_on,
           CAST(300 + hash(sale_id, n) % 3000 AS DECIMAL(12, 2)) AS amount_cny,
           CASE WHEN hash(sale_id, n) % 3 = 0 THEN 'S' || (outlet_code[2:]) ELSE outlet_code END
           AS outlet_code
    FROM (SELECT *, sold_on + CAST(n * 330 + hash(sale_id) % 60 AS INTEGER) AS visited_on
          FROM fact_sale CROSS JOIN range(1, 7) v (n))
    WHERE visited_on <= DATE '2024-03-01' AND hash(golden_id) % 7 >= n % 4
      AND (n < 3 OR hash(golden_id) % 5 > 1);
    CREATE TABLE bridge_ownership AS
    SELECT vehicle_id, golden_id, sold_on AS owned_from, NULL::DATE AS owned_to FROM fact_sale;
    CREATE TABLE dim_vehicle AS
    SELECT s.vehicle_id,
           ['云海', '朗程', '<b>逸行'][1 + CAST(hash(s.vehicle_id) % 3 AS INTEGER)] AS model,
           NULL AS plate, sold_on, max(visited_on) AS last_visit_on,
           CAST(hash(s.vehicle_id) % 130000 AS BIGINT) AS last_mileage_km
    FROM fact_sale s LEFT JOIN fact_service_visit v USING (vehicle_id) GROUP BY ALL;
    CREATE TABLE customer_relation AS
    SELECT NULL::VARCHAR AS golden_id, NULL::VARCHAR AS other_id, NULL::VARCHAR AS kind WHERE false;
    CREATE TABLE customer_xref AS
    SELECT 'hq' AS source, outlet_code, golden_id FROM fact_sale
    UNION ALL SELECT 'dealer', outlet_code, golden_id FROM fact_sale
    UNION ALL SELECT 'station', outlet_code, golden_id FROM fact_service_visit
    WHERE outlet_code LIKE 'S%';
    CREATE TABLE dq_field AS
    SELECT *, CAST(0.95 * records AS BIGINT) AS filled,
           CAST(records * (50 + hash(outlet_code, field) % 40) // 100 AS BIGINT) AS ok,
           0 AS repaired, 0 AS partial, 0 AS placeholder, 0 AS invalid
    FROM (SELECT source, CASE source WHEN 'hq' THEN '' ELSE outlet_code END AS outlet_code,
                 count(*) AS records
          FROM customer_xref GROUP BY ALL)
    CROSS JOIN (SELECT unnest(['name', 'phone', 'id_number', 'vin', 'plate']) AS field);
    CREATE TABLE dq_file AS
    SELECT source, outlet_code, 'taken' AS status, NULL::INTEGER AS rolled_back_run,
           DATE '2024-03-01' - CAST(hash(outlet_code) % 12 AS INTEGER) AS file_date
    FROM dq_field GROUP BY ALL;
    CREATE TABLE dq_held_row AS
    SELECT source, outlet_code FROM dq_file WHERE hash(outlet_code) % 3 = 0;
    CREATE SCHEMA meta;
    CREATE TABLE meta.version AS
    SELECT run_id, day, (SELECT count(*) FROM customer_xref) AS records,
           (SELECT count(*) FROM dim_customer) AS customers FROM run
"""


def fill(con: duckdb.DuckDBPyConnection, customers: int, dealers: int) -> None:
    """Make the star and the marts. customers may be 0, of a world in which nothing happened."""
    for statement in con.extract_statements(_STAR):
        values = {"customers": customers, "dealers": dealers}
        con.execute(statement, {name: values[name] for name in statement.named_parameters})
    if not customers:
        con.execute("DELETE FROM run; DELETE FROM meta.version")
    for table in tables():
        if table.name.startswith("mart_"):
            made = "VIEW" if table.is_view else "TABLE"
            con.execute(f"CREATE {made} {table.name} AS {table.select}")


def published(home: Path, customers: int, dealers: int) -> Path:
    """A home of such a world, as far as reading the published warehouse goes."""
    home.mkdir(parents=True)
    with connect(home / LINK) as con:
        fill(con, customers, dealers)
    return home
