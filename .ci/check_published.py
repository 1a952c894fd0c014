"""Check a published warehouse: `check_published.py WAREHOUSE`; exit code 1 tells the faults."""

import sys
from pathlib import Path

import duckdb

MAY_BE_EMPTY = {"review_pair"}  # a small sample may leave no pair in doubt
TABLES = (
    "dim_customer", "dim_vehicle", "dim_outlet", "bridge_ownership", "fact_sale",
    "fact_service_visit", "customer_xref", "attribute_lineage", "review_pair", "run",
    "run_table", "dq_file",
)  # fmt: skip
UNRESOLVED = "SELECT count(*) FROM customer_xref ANTI JOIN dim_customer USING (golden_id)"


def count(db: duckdb.DuckDBPyConnection, sql: str) -> int:
    """The single number that a query gives."""
    row = db.execute(sql).fetchone()
    assert row is not None
    return int(row[0])


def faults(db: duckdb.DuckDBPyConnection) -> list[str]:
    """Each thing wrong with the warehouse, as a sentence."""
    present = {
        name
        for (name,) in db.execute("SELECT table_name FROM information_schema.tables").fetchall()
    }
    found = [f"{table} is not there" for table in TABLES if table not in present]
    if found:
        return found
    found = [
        f"{table} is empty"
        for table in TABLES
        if table not in MAY_BE_EMPTY and count(db, f"SELECT count(*) FROM {table}") == 0
    ]
    if unresolved := count(db, UNRESOLVED):
        found.append(f"{unresolved} rows of customer_xref have a golden_id not in dim_customer")
    return found


def main() -> None:
    """Open the file as a BI tool would, read-only, and judge it."""
    if not Path(sys.argv[1]).is_file():
        sys.exit("there is no published warehouse")
    with duckdb.connect(sys.argv[1], read_only=True) as db:
        found = faults(db)
    if found:
        sys.exit("\n".join(found))
    print(f"the warehouse holds its {len(TABLES)} tables, and every customer_xref resolves")


if __name__ == "__main__":
    main()
