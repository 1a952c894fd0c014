"""What the tests of clients share: where the clients are, and a home that they read."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.night import Night, publish_night
from tests.warehouse.nights import Nights, file

#: The readers are programs of their own, which pytest must not import.
collect_ignore = ["readers"]

PEOPLE = [
    ("李雷", "13912345678", "LSVAA49J132047371"),
    ("韩梅", "13712306789", "LSVNR60C9C2051117"),
]


@pytest.fixture(scope="session")
def installed() -> Path:
    """The folder that `make clients` fills."""
    folder = Path(__file__).parent.parent.parent / ".clients"
    assert (folder / ".ready").exists(), "the clients are not installed: say make clients"
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home of two customers who come to a station, published as a night publishes."""
    home = tmp_path / "data" / "home"
    visits = [
        {"source_key": f"K{n}{year}", "name": name, "phone": phone, "vin": vin,
         "visited_on": f"{year}-07-01", "amount_cny": "100"}
        for n, (name, phone, vin) in enumerate(PEOPLE)
        for year in (2020, 2021)
    ]  # fmt: skip
    Nights(home).night(file("f1", visits, source="station", folder_outlet="S0007"))
    (home / "guiyi.yml").write_text("parquet: true\n", encoding="utf-8")
    publish_night(Night.begin(home, "test"))
    return home
