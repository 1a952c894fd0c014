"""What other rules of golden records would alter, while the customers stay who they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from connectors.errors import SettingError
from matching import golden
from matching.relations import number, pull
from pipelines import upkeep
from pipelines.progress import step
from warehouse import customers, trial
from warehouse.database import rehearsal

#: The name by which the rules that come with Guiyi are asked for.
SHIPPED = "shipped"


def rules_file(named: str) -> Path:
    """The file of rules that are named by its path, or as `shipped`."""
    return golden.SURVIVORSHIP if named == SHIPPED else Path(named)


@dataclass(frozen=True, slots=True)
class Preview:
    """What rules would alter in the golden records of a run.

    digest: of the rules. golden_records: all customers, and those of whom something changes.
    values: golden values that change, by attribute. changed_values: examples.
    """

    run: int
    digest: str
    golden_records: dict[str, int]
    values: list[dict[str, Any]]
    changed_values: list[dict[str, Any]]


def preview(home: Path, named: str, most: int = 5, with_values: bool = False) -> Preview:
    """Choose the golden records of the last run by other rules, and throw the outcome away.

    most: examples of each attribute. with_values: examples with the values, which are personal.
    Raises SettingError where the rules are faulty or nothing has run yet, and HomeBusy.
    """
    rules = golden.load(rules_file(named))
    with upkeep.holding(home, "preview") as night, upkeep.opened(night) as con:
        upkeep.ensure_today(con)
        if not customers.are_kept(con):
            raise SettingError(f"{home}: made by a former version; `guiyi run` comes first")
        run_id = number(con, "SELECT max(run_id) FROM run")
        with rehearsal(con):
            with step("golden_records", night.seconds):
                trial.remember_values(con)
                for side in ("before", "after"):
                    con.execute(f"CREATE OR REPLACE TEMP TABLE {side} AS FROM member")
                chosen = pull(con, "FROM chosen_value")
                customers.renew(con, run_id, rules, chosen, all_new=True)
            values = trial.values(con)
            return Preview(
                run_id,
                rules.digest,
                {
                    "all": number(con, "SELECT count(DISTINCT golden_id) FROM member"),
                    "changed": number(con, "SELECT count(DISTINCT golden_id) FROM trial_change"),
                },
                values,
                trial.changed_values(con, most, with_values),
            )
