"""The command line: help with an example, JSON for programs, and faults in one sentence."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.main import get_command
from typer.testing import CliRunner

from pipelines.cli import app, main
from pipelines.settings import FILE
from warehouse.database import connect


def leaves(command: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command and its words, those within groups and groups that do something too."""
    for name, one in getattr(command, "commands", {}).items():
        yield from leaves(one, *path, name)
        if getattr(one, "invoke_without_command", True):
            yield (*path, name), one


LEAVES = dict(sorted(leaves(get_command(app))))
COMMANDS = [" ".join(words) for words in LEAVES]
PEOPLE = """id,given_name,surname,address_1,street_number,suburb,postcode,date_of_birth
a1,anna,smith,main street,12,ryde,2112,19700101
a2,anna,smyth,main street,12,ryde,2112,19700101
b1,peter,jones,high road,7,perth,6000,19551224
"""
Guiyi = Callable[..., tuple[int, str, str]]


@pytest.fixture
def guiyi(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Guiyi:
    """Call the program as a shell does: arguments -> exit code, what it printed, what it told."""

    def call(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["guiyi", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return call


def test_there_are_the_promised_commands() -> None:
    assert set(COMMANDS) >= {"init", "sample", "run", "status", "match", "evaluate", "review"}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_explains_itself_with_an_example(command: str) -> None:
    shown = CliRunner().invoke(
        app, [*command.split(), "--help"], env={"COLUMNS": "200", "NO_COLOR": "1"}
    )
    assert shown.exit_code == 0
    assert f"Example: guiyi {command}" in re.sub(r"\x1b\[[0-9;]*m", "", shown.output)


@pytest.mark.parametrize("command", [c for c in COMMANDS if c not in ("ui", "steward")])
def test_a_command_can_print_json(command: str) -> None:
    options = [o for p in LEAVES[tuple(command.split())].params for o in p.opts]
    assert "--json" in options


def test_help_comes_without_the_heavy_libraries() -> None:
    code = (
        "import sys; from pipelines.cli import main; sys.argv = ['guiyi', '--help']\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "heavy = {'dagster', 'duckdb', 'pandas', 'great_expectations', 'recordlinkage'}\n"
        "sys.exit(', '.join(heavy & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def told(result: tuple[int, str, str]) -> str:
    """The one sentence of a setting's fault."""
    code, _, sentence = result
    assert code == 2, sentence
    assert "Traceback" not in sentence
    assert len(sentence.strip().splitlines()) == 1
    return sentence


@pytest.mark.parametrize("key", ["colour: red", "threads: many"])
def test_a_wrong_setting_is_told_by_file_and_key(guiyi: Guiyi, tmp_path: Path, key: str) -> None:
    (tmp_path / FILE).write_text(f"{key}\n")
    sentence = told(guiyi("run", "--home", tmp_path))
    assert str(tmp_path / FILE) in sentence
    assert key.split(":")[0] in sentence


def test_an_unknown_key_of_a_source_is_told_by_file_and_key(guiyi: Guiyi, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("sources: mine\nlanding: .\n")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "shop.yml").write_text("colour: red\n")
    sentence = told(guiyi("run", "--home", tmp_path))
    assert str(tmp_path / "mine" / "shop.yml") in sentence
    assert "colour: unknown key" in sentence


def test_a_missing_landing_folder_is_told(guiyi: Guiyi, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    sentence = told(guiyi("run", "--home", tmp_path / "home", "--landing", gone))
    assert str(gone) in sentence


@pytest.mark.parametrize(
    "command", [["status"], ["evaluate"], ["review"], ["decide", "a", "b", "same"]]
)
def test_a_missing_warehouse_is_told(guiyi: Guiyi, tmp_path: Path, command: list[str]) -> None:
    assert str(tmp_path) in told(guiyi(*command, "--home", tmp_path))


def test_an_unknown_option_is_a_usage_error(guiyi: Guiyi) -> None:
    code, _, sentence = guiyi("status", "--colour", "red")
    assert code == 2
    assert "--colour" in sentence
    assert "Traceback" not in sentence


def match(guiyi: Guiyi, folder: Path, *more: object, key: str = "id") -> tuple[int, str, str]:
    file = folder / "people.csv"
    if not file.exists():
        file.write_text(PEOPLE)
    output = folder / "out.parquet"
    return guiyi(
        "match", "--model", "people", "--input", file, "--id", key, "--output", output, *more
    )


def test_match_finds_the_rows_that_are_one(guiyi: Guiyi, tmp_path: Path) -> None:
    code, printed, _ = match(guiyi, tmp_path, "--pairs", tmp_path / "pairs.parquet", "--json")
    assert code == 0
    assert json.loads(printed) == {"rows": 3, "clusters": 2, "links": 1, "for_review": 0}
    found = pq.read_table(tmp_path / "out.parquet").to_pylist()
    assert [(row["id"], row["cluster"]) for row in found] == [
        ("a1", "a1"), ("a2", "a1"), ("b1", "b1"),
    ]  # fmt: skip
    (pair,) = pq.read_table(tmp_path / "pairs.parquet").to_pylist()
    assert (pair["left_id"], pair["right_id"]) == ("a1", "a2")


@pytest.mark.parametrize(
    ("text", "key", "says"),
    [
        (PEOPLE, "number", "has no column number"),
        (PEOPLE + "a1,x,y,z,1,v,2,3\n", "id", "repeated in 1 rows"),
        (PEOPLE.replace("surname", "family"), "id", "surname"),
    ],
)
def test_match_tells_what_is_wrong_with_a_table(
    guiyi: Guiyi, tmp_path: Path, text: str, key: str, says: str
) -> None:
    (tmp_path / "people.csv").write_text(text)
    sentence = told(match(guiyi, tmp_path, key=key))
    assert str(tmp_path / "people.csv") in sentence
    assert says in sentence


@pytest.mark.parametrize("name", ["nothing.yml", "nothing"])
def test_match_tells_that_a_model_is_missing(guiyi: Guiyi, tmp_path: Path, name: str) -> None:
    (tmp_path / "p.csv").write_text(PEOPLE)
    told(guiyi("match", "--model", name, "--input", tmp_path / "p.csv", "--id", "id",
               "--output", tmp_path / "o"))  # fmt: skip


def answer(result: tuple[int, str, str]) -> Any:
    code, printed, problem = result
    assert code == 0, problem
    return json.loads(printed)


def test_status_answers_programs_and_people(guiyi: Guiyi, published: Path) -> None:
    found = answer(guiyi("status", "--home", published, "--json"))
    assert found["run"] == 1
    assert found["customers"] + found["duplicates"] == found["records"]
    assert found["rows_read"] == found["records"] + sum(found["rows_held"].values())
    assert found["files"]["broken"] == sum(f["status"] == "broken" for f in found["set_aside"])
    code, printed, _ = guiyi("status", "--home", published)
    assert code == 0
    assert f"{found['customers']:,} customers" in " ".join(printed.split())


def test_evaluate_answers_programs_and_people(guiyi: Guiyi, published: Path) -> None:
    truth = published.parent / "truth"
    found = answer(guiyi("evaluate", "--home", published, "--truth", truth, "--json"))
    assert set(found["by_source"]) == {"hq", "dealer", "station"}
    assert sum(part["records"] for part in found["by_source"].values()) == found["records"]
    assert (found["without_truth"], found["not_found"]) == (0, 0)
    code, printed, _ = guiyi("evaluate", "--home", published, "--truth", truth)
    assert code == 0
    assert "precision" in printed


@pytest.mark.parametrize(
    ("name", "content"), [("gone", None), ("empty", ""), ("truth.csv", "source,entity_id\nhq,1\n")]
)
def test_evaluate_tells_what_is_wrong_with_the_truth(
    guiyi: Guiyi, published: Path, tmp_path: Path, name: str, content: str | None
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content) if content else (tmp_path / name).mkdir()
    sentence = told(guiyi("evaluate", "--home", published, "--truth", tmp_path / name))
    assert str(tmp_path / name) in sentence


def test_review_answers_programs_and_people(guiyi: Guiyi, published: Path) -> None:
    pairs = answer(guiyi("review", "--home", published, "--limit", 1, "--json"))
    assert len(pairs) <= 1
    assert guiyi("review", "--home", published)[0] == 0


def test_decide_refuses_unknown_records_and_verdicts(guiyi: Guiyi, published: Path) -> None:
    with connect((published / "warehouse.duckdb").resolve(), read_only=True) as con:
        (one,), (two,) = con.execute("SELECT record_key FROM customer_xref LIMIT 2").fetchall()
    assert "hq//NOBODY" in told(guiyi("decide", "hq//NOBODY", two, "same", "--home", published))
    assert "same, different" in told(guiyi("decide", one, two, "maybe", "--home", published))
    assert "itself" in told(guiyi("decide", one, one, "same", "--home", published))
    assert (
        not (published / "decisions.sqlite").exists()
        or not answer(guiyi("status", "--home", published, "--json"))["decisions"]
    )


def test_init_makes_a_home_once(guiyi: Guiyi, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert answer(guiyi("init", "--home", home, "--json"))["made"] is True
    assert answer(guiyi("init", "--home", home, "--json"))["made"] is False


def test_sample_writes_what_it_says(guiyi: Guiyi, tmp_path: Path) -> None:
    landing = tmp_path / "landing"
    found = answer(
        guiyi(
            "sample",
            "--landing",
            landing,
            "--truth",
            tmp_path / "truth",
            "--customers",
            50,
            "--json",
        )
    )
    files = [path for path in landing.rglob("*") if path.is_file()]
    assert len(files) == found["files"] + found["bad_files"]
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_what_nobody_foresaw_is_told_without_a_traceback(
    guiyi: Guiyi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(home: Path) -> dict[str, Any]:
        raise ZeroDivisionError

    monkeypatch.setattr("pipelines.summary.summarise", broken)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path))
    code, _, sentence = guiyi("status", "--home", tmp_path)
    assert code == 1
    assert "ZeroDivisionError" in sentence
    assert len(sentence.splitlines()) == 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".log"]
