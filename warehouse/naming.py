"""Customers by name: a golden id, also a retired one, or the key of a record."""

from __future__ import annotations

import duckdb

from connectors.errors import SettingError
from matching.ids import parse


def customer_of(con: duckdb.DuckDBPyConnection, name: str) -> str:
    """The golden id, in use today, of a record key or of a golden id that may be retired.

    Raises SettingError where there is no such record or id.
    """
    if "/" in name:
        asked, sql = name, "SELECT golden_id FROM customer_xref WHERE record_key = ?"
        unknown = "no such record; keys are in customer_xref.record_key"
    else:
        asked, unknown = present(con, parse(name) or ""), "no such golden id; is it mistyped?"
        sql = "SELECT golden_id FROM pii.dim_customer WHERE golden_id = ?"
    rows = con.execute(sql, [asked]).fetchall()
    if not rows:
        raise SettingError(f"{name}: {unknown}")
    return str(rows[0][0])


def present(con: duckdb.DuckDBPyConnection, golden_id: str) -> str:
    """Where a golden id leads that was merged away; any other is itself."""
    rows = con.execute(
        "SELECT redirect_to FROM golden_id_redirect WHERE golden_id = ?", [golden_id]
    ).fetchall()
    return str(rows[0][0]) if rows else golden_id


#: What a record says of an attribute, as golden records know it.
_STATING = """
    SELECT record_key FROM pii.customer_record
    WHERE golden_id = $golden_id AND list_contains(CASE $attribute
        WHEN 'name' THEN [name, name || name_title, trim(name_typed)]
        WHEN 'phone' THEN phones
        WHEN 'sex' THEN [coalesce(id_number_sex, sex, name_sex)]
        WHEN 'birth_date' THEN [CAST(coalesce(id_number_birth_date, birth_date) AS VARCHAR)]
        WHEN 'id_number' THEN [id_number]
        WHEN 'email' THEN [email]
        WHEN 'address' THEN [address] END, $value)
    ORDER BY record_key
"""


def stating(
    con: duckdb.DuckDBPyConnection, golden_id: str, attribute: str, value: str
) -> tuple[str, ...]:
    """The keys of a customer's records that state a value, sorted."""
    asked = {"golden_id": golden_id, "attribute": attribute, "value": value}
    return tuple(str(row[0]) for row in con.execute(_STATING, asked).fetchall())


def records(con: duckdb.DuckDBPyConnection, golden_id: str) -> tuple[str, ...]:
    """The keys of a customer's records, sorted."""
    rows = con.execute(
        "SELECT record_key FROM customer_xref WHERE golden_id = ? ORDER BY record_key", [golden_id]
    )
    return tuple(str(row[0]) for row in rows.fetchall())
