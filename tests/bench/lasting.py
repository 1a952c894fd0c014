"""Whether ids last: ten nights of a world, each looked at, and a rebuild after the last."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from matching.relations import number
from tests.bench.account import guiyi, machine
from warehouse.database import connect, quoted
from warehouse.publish import LINK

NIGHTS = 10


def measure(work: Path, customers: int, seed: int, nights: int = NIGHTS) -> dict[str, Any]:
    """Run the nights by the command line, and `guiyi rebuild` at last.

    nights: of each its rows and wall_s, and from the second on the customers there are, those with
    the same records as before, how many of these have another id, the records known before whose
    golden id is another one, and the ids ever given that lead nowhere. rebuild: the same of it.
    """
    tools = machine()
    told = []
    with tempfile.TemporaryDirectory(dir=work) as folder:
        landing, truth, home = (Path(folder) / name for name in ("landing", "truth", "home"))
        world = ["--landing", landing, "--truth", truth, "--customers", customers, "--seed", seed]
        rows, before = 0, None
        for night in range(1, nights + 1):
            guiyi("sample", *world, "--night", night)
            took, said = guiyi("run", "--landing", landing, "--home", home)
            now = (home / LINK).resolve()
            found = {"rows": said["rows_read"] - rows, "wall_s": took["wall_s"]}
            told.append(found | (_compared(before, now) if before else {}))
            rows, before = said["rows_read"], now
        guiyi("rebuild", "--home", home)
        rebuilt = _compared(now, (home / LINK).resolve())
    return {
        "machine": tools,
        "customers": customers,
        "seed": seed,
        "nights": told,
        "rebuild": rebuilt,
    }


def _compared(before: Path, now: Path) -> dict[str, int]:
    """Set two published versions side by side."""
    with connect() as con:
        con.execute(f"ATTACH '{quoted(before)}' AS was (READ_ONLY)")
        con.execute(f"ATTACH '{quoted(now)}' AS now (READ_ONLY)")
        for name in ("was", "now"):
            con.execute(f"""
                CREATE TABLE {name}_customer AS
                SELECT golden_id, list(record_key ORDER BY record_key) AS records
                FROM {name}.customer_xref GROUP BY golden_id
            """)
        con.execute("""
            CREATE TABLE same AS SELECT w.golden_id AS before, n.golden_id AS after
            FROM was_customer w JOIN now_customer n USING (records)
        """)
        return {
            "customers": number(con, "SELECT count(*) FROM now_customer"),
            "with_same_records": number(con, "SELECT count(*) FROM same"),
            "of_them_other_id": number(con, "SELECT count(*) FROM same WHERE before <> after"),
            "records_elsewhere": number(
                con,
                "SELECT count(*) FROM was.customer_xref w"
                " JOIN now.customer_xref n USING (source, outlet_code, source_key)"
                " WHERE w.golden_id <> n.golden_id",
            ),
            "ids_that_lead_nowhere": number(
                con,
                """
                SELECT count(DISTINCT e.golden_id) FROM now.golden_id_event e
                LEFT JOIN now.golden_id_redirect r USING (golden_id)
                WHERE coalesce(r.redirect_to, e.golden_id) NOT IN (
                    SELECT golden_id FROM now.dim_customer)
                """,
            ),
        }
