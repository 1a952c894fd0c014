"""The files of a small world against the truth that is written beside them."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from connectors.sample import SampleOptions, write_world
from connectors.sample.outlets import HEADERS, STATION_HEADERS
from tests.connectors.sample.conftest import OPTIONS

KEY_HEADERS = set(HEADERS["source_key"]) | set(STATION_HEADERS["source_key"])
KEY_HEADERS |= {"檔案編號", "客戶編號", "工單號", "結算單號", "客戶ID", "會員號"}


def truth(folder: Path, name: str, night: int = 1) -> list[dict[str, Any]]:
    return pq.read_table(folder / "truth" / f"{name}-{night:02d}.parquet").to_pylist()


def decoded(content: bytes) -> str:
    for encoding in ("utf-16" if content[:2] == b"\xff\xfe" else "utf-8-sig", "gb18030", "big5"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(header in text for header in KEY_HEADERS):
            return text
    raise AssertionError("no known encoding")


def keys_of(text: str) -> list[str]:
    """The key column of a delimited file."""
    head = next(line for line in text.splitlines() if any(key in line for key in KEY_HEADERS))
    delimiter = max(",\t;，", key=head.count)
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    at, header = next((i, row) for i, row in enumerate(rows) if KEY_HEADERS & set(row))
    column = next(i for i, name in enumerate(header) if name in KEY_HEADERS)
    body = [row for row in rows[at + 1 :] if row != header and row[0] != "合计"]
    return [row[column] for row in body]


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_options_give_the_same_bytes(nights: Path, tmp_path: Path) -> None:
    for night in (1, 2):
        write_world(tmp_path / "landing", tmp_path / "truth", OPTIONS, night)
    assert files_of(tmp_path) == files_of(nights)


def test_another_seed_gives_another_world(nights: Path, tmp_path: Path) -> None:
    write_world(tmp_path / "landing", tmp_path / "truth", SampleOptions(300, seed=12))
    ours = {row["name"] for row in truth(nights, "entities")}
    theirs = {row["name"] for row in truth(tmp_path, "entities")}
    assert len(ours & theirs) < 0.2 * len(ours)
    shutil.rmtree(tmp_path)


def test_truth_covers_exactly_the_rows_of_delimited_files(nights: Path) -> None:
    records = truth(nights, "records")
    expected = {row["path"] for row in truth(nights, "files") if row["expected"] == "taken"}
    seen = 0
    for path in sorted(expected):
        if not path.endswith(".csv"):
            continue
        kind, code = path.split("/")[0].rstrip("s"), path.split("/")[1]
        known = [
            row["source_key"]
            for row in records
            if row["source"] == kind and (kind == "hq" or row["outlet_code"] == code)
        ]
        keys = keys_of(decoded((nights / "landing" / path).read_bytes()))
        assert Counter(key for key in keys if key) == Counter(known), path
        seen += len(keys)
    assert seen > 0.5 * len(records)


def test_keys_are_unique_within_their_outlet(nights: Path) -> None:
    records = truth(nights, "records")
    hq = [row["source_key"] for row in records if row["source"] == "hq"]
    others = [
        (row["source"], row["outlet_code"], row["source_key"])
        for row in records
        if row["source"] != "hq"
    ]
    assert len(set(hq)) == len(hq)
    assert len(set(others)) == len(others)


def test_every_file_is_named_in_the_truth(nights: Path) -> None:
    told = {row["path"] for night in (1, 2) for row in truth(nights, "files", night)}
    assert told == set(files_of(nights / "landing"))


def test_one_file_of_each_fault(nights: Path) -> None:
    counted = Counter(row["expected"] for row in truth(nights, "files"))
    del counted["taken"]
    assert counted == {"half_written": 2, "empty": 1, "no_header": 1, "broken": 1, "duplicate": 1}


def test_later_night_brings_new_and_corrected_records(nights: Path) -> None:
    def keys(night: int) -> set[tuple[str, ...]]:
        rows = truth(nights, "records", night)
        return {(row["source"], row["outlet_code"], row["source_key"]) for row in rows}

    first, second = keys(1), keys(2)
    assert len(second & first) >= 3
    assert len(second - first) >= 4
    assert len(second) < 0.1 * len(first)


def test_a_correction_changes_nothing_but_the_mended_field(nights: Path) -> None:
    def typed(night: int) -> dict[tuple[str, ...], dict[str, str]]:
        found: dict[tuple[str, ...], dict[str, str]] = {}
        for row in truth(nights, "values", night):
            key = (row["source"], row["outlet_code"], row["source_key"])
            found.setdefault(key, {})[row["field"]] = row["typed_value"]
        return found

    before, after = typed(1), typed(2)
    for key in before.keys() & after.keys():
        changed = [name for name in before[key] if before[key][name] != after[key][name]]
        assert len(changed) <= 1


def test_noise_stays_within_its_bounds(nights: Path) -> None:
    shares = {"name": (0.04, 0.25), "phone": (0.04, 0.3), "vin": (0.03, 0.6), "plate": (0.03, 0.4)}
    values = truth(nights, "values")
    for name, (low, high) in shares.items():
        noisy = [bool(row["channel"]) for row in values if row["field"] == name]
        assert low < sum(noisy) / len(noisy) < high, name


def test_a_value_without_a_channel_is_typed_as_it_is(nights: Path) -> None:
    for row in truth(nights, "values"):
        if not row["channel"]:
            assert row["typed_value"] == row["true_value"]


def test_owners_follow_each_other_without_gap_or_overlap(nights: Path) -> None:
    chains: dict[str, list[dict[str, Any]]] = {}
    for row in truth(nights, "ownership"):
        chains.setdefault(row["vehicle_id"], []).append(row)
    for chain in chains.values():
        assert [row["owned_to"] for row in chain] == [r["owned_from"] for r in chain[1:]] + [None]
    assert sum(len(chain) > 1 for chain in chains.values()) > 10


def test_every_record_is_about_a_known_entity_and_car(nights: Path) -> None:
    entities = {row["entity_id"] for row in truth(nights, "entities")}
    cars = {row["vehicle_id"] for row in truth(nights, "ownership")}
    for row in truth(nights, "records"):
        assert row["entity_id"] in entities
        assert row["vehicle_id"] in cars


def test_the_hard_world_has_more_likeness_under_one_roof(nights: Path, tmp_path: Path) -> None:
    hard = SampleOptions(300, seed=11, start=date(2024, 3, 1), hard=True)
    write_world(tmp_path / "landing", tmp_path / "truth", hard)
    assert _alike(truth(tmp_path, "entities")) > 1.5 * _alike(truth(nights, "entities"))


def _alike(entities: list[dict[str, Any]]) -> float:
    """Share of people with a housemate of the same surname and one more character in common."""
    homes: dict[str, list[str]] = {}
    for row in entities:
        if row["kind"] == "person":
            homes.setdefault(row["household"], []).append(row["name"])
    alike = sum(
        any(a != b and a[0] == b[0] and set(a[1:]) & set(b[1:]) for b in names)
        for names in homes.values()
        for a in names
    )
    return alike / sum(map(len, homes.values()))
