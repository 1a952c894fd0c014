"""Evaluating, comparing and previewing a home that a night has run in."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from connectors.errors import SettingError
from matching.model import CUSTOMERS, load
from pipelines.cli import app
from pipelines.evaluation import evaluate, examine
from tests.e2e.homes import ask
from tests.pipelines.steps import one_night

OLD_KEYS = {
    "records", "entities_true", "entities_found", "precision", "recall", "f1", "b3_precision",
    "b3_recall", "b3_f1", "mixed", "exact", "without_truth", "not_found", "by_source",
}  # fmt: skip


def guiyi(*arguments: object) -> str:
    """Call a command that must succeed; what it printed."""
    done = CliRunner().invoke(
        app,
        [str(argument) for argument in arguments],
        env={"COLUMNS": "200"},  # a long path breaks a sentence elsewhere
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output
    return done.output


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def judged(
    published: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[dict[str, Any], Path]:
    errors = tmp_path_factory.mktemp("errors") / "errors.csv"
    return examine(published, published.parent / "truth", error_file=errors), errors


def test_it_tells_what_the_short_form_tells_and_more(
    published: Path, judged: tuple[dict[str, Any], Path]
) -> None:
    short, (long, _) = evaluate(published, published.parent / "truth"), judged
    assert set(short) == OLD_KEYS
    assert {name: long[name] for name in short} == short
    assert set(long) - OLD_KEYS == {"stewards", "blocking", "by_source_pair", "curve", "errors"}


def test_the_parts_add_up(judged: tuple[dict[str, Any], Path]) -> None:
    found, _ = judged
    blocking, missed = found["blocking"], found["errors"]["missed"].values()
    assert blocking["pairs"] == sum(part["pairs"] for part in found["by_source_pair"].values())
    assert blocking["pairs"] - blocking["found"] == sum(kind["pairs"] for kind in missed)
    assert blocking["recall"] == found["recall"]
    assert found["recall"] <= blocking["ceiling"] <= 1
    assert blocking["compared"] <= blocking["reachable"] <= blocking["pairs"]
    assert found["stewards"]["after"]["recall"] >= found["recall"]


def test_the_curve_goes_through_the_run_and_falls(judged: tuple[dict[str, Any], Path]) -> None:
    found, _ = judged
    points = {point["threshold"]: point for point in found["curve"]}
    link = load(CUSTOMERS).thresholds.link
    assert {n: points[link][n] for n in ("f1", "mixed", "exact")} == {
        n: found[n] for n in ("f1", "mixed", "exact")
    }
    recalls = [point["recall"] for point in found["curve"]]
    assert recalls == sorted(recalls, reverse=True)
    assert [p["links"] for p in found["curve"]] == sorted((p["links"] for p in found["curve"]),
                                                          reverse=True)  # fmt: skip


def test_the_file_of_errors_has_all_of_them_and_nothing_personal(
    published: Path, judged: tuple[dict[str, Any], Path], tmp_path: Path
) -> None:
    found, file = judged
    rows = read_csv(file)
    for error in ("wrong", "missed"):
        counted = sum(kind["pairs"] for kind in found["errors"][error].values())
        assert sum(int(row["pairs"]) for row in rows if row["error"] == error) == counted
    assert {"record_a", "record_b", "kind", "weight", "level_name"} <= set(rows[0])
    told = file.read_text(encoding="utf-8")
    personal = ask(published, """SELECT name FROM pii.dim_customer WHERE len(name) > 2
        UNION SELECT right(phone, 11) FROM pii.dim_customer WHERE phone IS NOT NULL""")  # fmt: skip
    assert len(personal) > 50
    assert [value for (value,) in personal if value in told] == []
    truth, full = published.parent / "truth", tmp_path / "full.csv"
    examine(published, truth, error_file=full, with_values=True)
    shown = read_csv(full)
    assert len(shown) == len(rows)
    assert any(row["name_a"] for row in shown)
    assert any(row["phone_b"] for row in shown)


def write_labels(file: Path, *rows: tuple[str, str, str]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("left", "right", "verdict"), *rows])
    return file


def test_labels_stand_for_a_truth(published: Path, tmp_path: Path) -> None:
    together = ask(published, """SELECT min(record_key), max(record_key) FROM customer_xref
        GROUP BY golden_id HAVING count(*) > 1 ORDER BY golden_id LIMIT 3""")  # fmt: skip
    (a, b), (c, d), (e, _) = together
    file = write_labels(tmp_path / "labels.csv", (a, b, "same"), (c, d, "different"),
                        (a, e, "same"), (c, a, "unsure"), ("gone", a, "different"))  # fmt: skip
    found = examine(published, label_file=file)
    # of a, b, e two are together: one pair of three; c and d were joined against the label
    assert (found["precision"], found["recall"]) == (0.5, 0.33333)
    assert (found["labels"], found["contradicting_labels"], found["not_found"]) == (5, 0, 1)
    assert sum(kind["pairs"] for kind in found["errors"]["wrong"].values()) == 1
    assert sum(kind["pairs"] for kind in found["errors"]["missed"].values()) == 2


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("left,right\na,b\n", "lacks the columns verdict"),
        ("left,right,verdict\na,b,maybe\n", "1 verdicts are not same, different, unsure"),
    ],
)
def test_wrong_labels_are_told(published: Path, tmp_path: Path, content: str, says: str) -> None:
    file = tmp_path / "labels.csv"
    file.write_text(content)
    with pytest.raises(SettingError, match=says):
        examine(published, label_file=file)


def test_a_truth_that_names_a_record_twice_is_told(published: Path, tmp_path: Path) -> None:
    ((source, outlet, key),) = ask(
        published, "SELECT source, outlet_code, source_key FROM customer_xref LIMIT 1"
    )
    row = f"{source},{outlet},{key}"
    file = tmp_path / "truth.csv"
    file.write_text(f"source,outlet_code,source_key,entity_id\n{row},1\n{row},2\n")
    with pytest.raises(SettingError, match="1 records twice"):
        examine(published, file)


def test_a_model_that_has_changed_since_the_run_is_told(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "model.yml"
    text = CUSTOMERS.read_text(encoding="utf-8")
    model.write_text(text.replace("name: chinese_car_customers", "name: another"), encoding="utf-8")
    monkeypatch.setenv("GUIYI_MODEL", str(model))
    truth = published.parent / "truth"
    found = examine(published, truth)
    assert set(found) - OLD_KEYS == {"stewards", "untold"}
    assert "model has changed" in guiyi("evaluate", "--home", published, "--truth", truth)
    with pytest.raises(SettingError, match="model has changed"):
        examine(published, truth, error_file=tmp_path / "errors.csv")


def test_the_command_shows_all_parts(published: Path, tmp_path: Path) -> None:
    truth = published.parent / "truth"
    printed = guiyi("evaluate", "--home", published, "--truth", truth)
    for part in ("How right", "blocking recall", "Missed", "link threshold", "for a steward"):
        assert part in printed
    labels = write_labels(tmp_path / "labels.csv")
    with pytest.raises(SettingError, match="either"):
        guiyi("evaluate", "--home", published, "--truth", truth, "--labels", labels)


def test_a_run_is_compared_with_a_later_one(published: Path, tmp_path: Path) -> None:
    same = json.loads(guiyi("compare", published, published, "--json"))
    ((customers,),) = ask(published, "SELECT count(*) FROM dim_customer")
    assert same["changes"]["unchanged"]["before"] == customers
    assert same["pairs_kept"] == same["pairs_old"] == 1
    assert sum(change["before"] for change in same["changes"].values()) == customers
    home, strict = tmp_path / "home", tmp_path / "model.yml"
    shutil.copytree(published, home, symlinks=True)
    model = yaml.safe_load(CUSTOMERS.read_text(encoding="utf-8"))
    del model["costs"]
    model["thresholds"] = {"link": 25, "review": 3}
    strict.write_text(yaml.safe_dump(model, allow_unicode=True), encoding="utf-8")
    landing = published.parent / "landing"
    (home / "guiyi.yml").write_text(f"model: {strict}\nlanding: {landing}\n")
    first = (home / "warehouse.duckdb").resolve()
    one_night(home, landing)
    changes = tmp_path / "changes.csv"
    found = json.loads(guiyi("compare", first, home, "--changes", changes, "--json"))
    assert found["changes"]["split"]["after"] > found["changes"]["split"]["before"] > 0
    assert found["pairs_old"] == 1 > found["pairs_kept"]
    rows = read_csv(changes)
    assert (
        len({r["golden_id_a"] for r in rows if r["kind"] == "split"})
        == (found["changes"]["split"]["before"])
    )
    assert "split" in guiyi("compare", first, home)


def test_blocking_is_previewed_without_a_run(published: Path, tmp_path: Path) -> None:
    found = json.loads(guiyi("blocking", "preview", "--home", published, "--json"))
    ((counts,),) = ask(published, "SELECT counts FROM run")
    edges = json.loads(counts)["edges"]
    assert (found["pairs"], found["exact"]) == (edges["candidates"], True)
    assert [key["key"] for key in found["keys"]] == [key["key"] for key in edges["blocking"]]
    model = yaml.safe_load(CUSTOMERS.read_text(encoding="utf-8"))
    model["blocking"] = {"phone": {"columns": ["phones"], "cap": 2}}
    file = tmp_path / "model.yml"
    file.write_text(yaml.safe_dump(model, allow_unicode=True), encoding="utf-8")
    told = json.loads(guiyi("blocking", "preview", "--home", published, "--model", file, "--json"))
    (key,) = told["keys"]
    assert key["capped_blocks"] > 0
    assert "phone" in guiyi("blocking", "preview", "--home", published, "--model", file)


def test_a_model_that_does_not_fit_the_records_is_told(published: Path, tmp_path: Path) -> None:
    text = CUSTOMERS.read_text(encoding="utf-8").replace("email: email", "email: no_such_column")
    file = tmp_path / "model.yml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingError, match="no_such_column"):
        guiyi("blocking", "preview", "--home", published, "--model", file)


def test_a_home_without_a_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="guiyi run"):
        guiyi("blocking", "preview", "--home", tmp_path)
