"""Sample worlds, standardised once: the table that the engine, and Splink beside it, begin with.

A world lies in a folder of its own: `home/staging/records` (standard records as Parquet), `truth`,
and `standard.duckdb` with `record`, as the identity store holds it, and `truth` (record_key,
entity). It is made anew when a source file of the sample or of the normalisers has changed.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipelines.night import Night, arrive, understand
from tests.bench.account import guiyi
from warehouse.database import connect, quoted

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class World:
    """What a world is made of. hard: relatives, namesakes and fleets far above their true rate."""

    customers: int
    seed: int
    hard: bool = False

    @property
    def name(self) -> str:
        """A word for file names, such as hard-10000-202."""
        return f"{'hard' if self.hard else 'ordinary'}-{self.customers}-{self.seed}"


def prepare(work: Path, world: World) -> Path:
    """Make and standardise a world, unless `work` has it; return its database."""
    folder = work / world.name
    database, mark = folder / "standard.duckdb", folder / "made_by"
    if not mark.exists() or mark.read_text() != _makers():
        shutil.rmtree(folder, ignore_errors=True)
        _stage(folder, world)
        _store(database, folder)
        mark.write_text(_makers())
    return database


def _makers() -> str:
    """A digest of the code and tables that write and standardise a world."""
    digest = hashlib.sha256()
    for package in ("connectors", "quality"):
        for path in sorted((_ROOT / package).rglob("*")):
            if path.suffix in (".py", ".yml", ".csv"):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def _stage(folder: Path, world: World) -> None:
    """The first night up to the standard records; what came before is not kept."""
    landing, home = folder / "landing", folder / "home"
    home.mkdir(parents=True)
    sample = ["sample", "--landing", landing, "--truth", folder / "truth"]
    sample += ["--customers", world.customers, "--seed", world.seed]
    guiyi(*sample, *(["--hard"] if world.hard else []))
    night = Night.begin(home, "bench", landing)
    arrive(night)
    understand(night)
    shutil.rmtree(landing)
    shutil.rmtree(home / "raw")


def _store(database: Path, folder: Path) -> None:
    records = quoted(folder / "home" / "staging" / "records" / "*.parquet")
    truth = quoted(folder / "truth" / "records-*.parquet")
    with connect(database) as con:
        con.execute(f"CREATE TABLE record AS FROM read_parquet('{records}')")
        # the headquarters name an outlet, but their keys are their own
        con.execute(f"""
            CREATE TABLE truth AS
            SELECT record_key, dense_rank() OVER (ORDER BY entity_id) - 1 AS entity
            FROM record r JOIN read_parquet('{truth}') t
                ON t.source = r.source AND t.source_key = r.source_key
                    AND (t.source = 'hq' OR t.outlet_code = r.outlet_code)
        """)
