"""Explaining a home: by record keys and golden ids, for people, programs and as a page."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from connectors.errors import SettingError
from matching.explain import Pair
from pipelines.cli import app
from pipelines.explanation import explain, model_card
from tests.e2e.homes import ask, ask_store
from warehouse.database import connect


def pair_of(home: Path, band: str) -> tuple[str, str]:
    """Two records whose profiles have an edge of this band."""
    ((one, other),) = ask_store(
        home,
        f"""SELECT l.record_key, r.record_key FROM edge
            JOIN record_profile l ON l.profile_id = a JOIN record_profile r ON r.profile_id = b
            WHERE band = '{band}' ORDER BY ALL LIMIT 1""",
    )
    return one, other


def call(home: Path, *arguments: object) -> Result:
    options = ["--home", str(home)]
    return CliRunner().invoke(app, [*map(str, arguments), *options], env={"COLUMNS": "160"})


def test_a_pair_is_told_to_programs_and_people(published: Path) -> None:
    pair = pair_of(published, "link")
    told = call(published, "explain", *pair, "--json")
    assert told.exit_code == 0, told.output
    found: dict[str, Any] = json.loads(told.stdout)
    bits = sum(one["bits"] for one in found["evidence"]) + found["prior"]
    assert found["weight"] == pytest.approx(bits)
    assert len(found["records"]) == 2
    shown = call(published, "explain", *pair)
    assert shown.exit_code == 0, shown.output
    assert found["says"]["en"][:12] in shown.output
    assert found["says"]["zh"][:4] in shown.output


def test_a_record_alone_stands_for_its_customer(published: Path) -> None:
    one, _ = pair_of(published, "link")
    ((golden_id,),) = ask(
        published, f"SELECT golden_id FROM customer_xref WHERE record_key = '{one}'"
    )
    by_record, by_id = (call(published, "explain", x, "--json") for x in (one, golden_id))
    assert json.loads(by_record.stdout) == json.loads(by_id.stdout)
    assert json.loads(by_id.stdout)["golden_id"] == golden_id
    assert call(published, "explain", golden_id).exit_code == 0


def test_two_customers_are_explained_by_their_closest_records(published: Path) -> None:
    ids = [row[0] for row in ask(published, "SELECT golden_id FROM dim_customer ORDER BY ALL")]
    found, typed = explain(published, ids[0], ids[1])
    assert isinstance(found, Pair)
    assert (found.left_id, found.right_id) == (ids[0], ids[1])
    assert len(typed) == 2


@pytest.mark.parametrize("command", ["pair", "entity", "model"])
def test_a_page_stands_alone_and_is_well_formed(
    published: Path, tmp_path: Path, command: str
) -> None:
    pair = pair_of(published, "link")
    arguments = {"pair": ["explain", *pair], "entity": ["explain", pair[0]], "model": ["model"]}
    file = tmp_path / "page.html"
    done = call(published, *arguments[command], "--html", file)
    assert done.exit_code == 0, done.output
    page = file.read_text(encoding="utf-8")
    assert "http" not in page
    assert "<script" not in page
    for picture in page.split("<svg")[1:]:
        ElementTree.fromstring("<svg" + picture.split("</svg>")[0] + "</svg>")
    assert ("<svg" in page) == (command != "entity")


def test_what_was_typed_is_never_read_as_markup(published: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(published, tmp_path / "home", symlinks=True))
    pair = pair_of(home, "link")
    with connect(home / "identity.duckdb") as con:
        con.execute("UPDATE record SET name_typed = '<b>[red]x'")
    assert "<b>[red]x" in call(home, "explain", *pair).output
    call(home, "explain", *pair, "--html", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "<b>[red]" not in page
    assert "&lt;b&gt;[red]x" in page


def test_what_is_not_there_is_told(published: Path, tmp_path: Path) -> None:
    one, _ = pair_of(published, "link")
    for names in (("hq//NOBODY",), (one, "hq//NOBODY"), ("CNOBODY",), (one, one)):
        with pytest.raises(SettingError, match=names[-1]):
            explain(published, *names)
    with pytest.raises(SettingError, match=str(tmp_path)):
        explain(tmp_path, one)


def test_what_another_model_made_is_not_explained_by_this_one(
    published: Path, tmp_path: Path
) -> None:
    home = Path(shutil.copytree(published, tmp_path / "home", symlinks=True))
    with connect(home / "identity.duckdb") as con:
        con.execute("UPDATE run SET model_digest = 'another'")
    with pytest.raises(SettingError, match="changed since the last run"):
        explain(home, *pair_of(home, "link"))


def test_the_model_of_a_home_is_weighed_among_its_profiles(published: Path, tmp_path: Path) -> None:
    here, nowhere = model_card(published), model_card(tmp_path)
    assert here.digest == nowhere.digest
    assert nowhere.profiles == 100_000
    assert here.prior > nowhere.prior
    names = next(c for c in here.comparisons if c.comparison == "name")
    assert all(one.common <= one.bits <= one.rare for one in names.levels)
    # 刘先生 is as common as his surname, however rare full names are
    worth = {one.level: one.rare for one in names.levels}
    assert worth["surname_and_title"] < worth["same"] - 5
    assert model_card(tmp_path, "people").name == "people"


def test_a_higher_threshold_is_expected_to_join_fewer_pairs_and_more_surely(
    published: Path, tmp_path: Path
) -> None:
    found = model_card(published).expected
    assert len(found) > 5
    for one, higher in pairwise(found):
        assert higher.threshold == one.threshold + 1
        assert higher.pairs <= one.pairs
        assert higher.precision >= one.precision
        assert higher.recall <= one.recall
    assert found[0].recall == pytest.approx(1)
    assert 0.9 < found[0].precision < 1
    assert model_card(tmp_path).expected == ()
