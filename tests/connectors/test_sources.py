"""The YAML of sources: what they claim, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from connectors.errors import SettingError
from connectors.sources import FOLDER, load_sources


@pytest.mark.parametrize(
    ("path", "claims"),
    [
        ("hq/hq_customers_20240301.csv", {"hq": ""}),
        ("dealers/D0012/customers_20240301.xlsx", {"dealer": "D0012"}),
        ("dealers/d0012/2024/客户.xls", {"dealer": "D0012"}),
        ("stations/S0107/orders_20240301.xls", {"station": "S0107"}),
        ("dealers/S0107/orders_20240301.xls", {}),
        ("dealers/customers_20240301.csv", {}),
        ("hq_customers_20240301.csv", {}),
    ],
)
def test_claims(path: str, claims: dict[str, str]) -> None:
    outlets = {source.name: source.claim(path) for source in load_sources()}
    assert {name: outlet for name, outlet in outlets.items() if outlet is not None} == claims


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"colour": 1}, "colour: unknown key"),
        ({"fields": ["source_key", "nmae"]}, "nmae"),
        ({"outlets": {"D0012": {"客户": "nmae"}}}, "nmae"),
        ({"outlet": None}, "outlet"),
        ({"extract": "sometimes"}, "extract"),
    ],
)
def test_a_faulty_source_is_told_by_file_and_key(
    tmp_path: Path, change: dict[str, object], words: str
) -> None:
    content = yaml.safe_load((FOLDER / "dealer.yml").read_text("utf-8"))
    (tmp_path / "dealer.yml").write_text(yaml.safe_dump(content | change), "utf-8")
    with pytest.raises(SettingError, match=rf"dealer\.yml.*{words}"):
        load_sources(tmp_path)
