"""Deciding on the command line: what is typed is understood, kept, shown, taken back, carried."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipelines.cli import app
from tests.e2e.homes import ask


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(published, tmp_path / "home", symlinks=True))


def call(home: Path, *arguments: object) -> Any:
    """What a command tells programs."""
    told = CliRunner().invoke(app, [*map(str, arguments), "--home", str(home), "--json"])
    assert told.exit_code == 0, (told.output, told.exception)
    return json.loads(told.stdout)


def refused(home: Path, *arguments: object) -> str:
    """The sentence of a fault."""
    told = CliRunner().invoke(app, [*map(str, arguments), "--home", str(home)])
    assert told.exit_code
    return str(told.exception)


def customers(home: Path, least: int, count: int) -> list[tuple[str, list[str]]]:
    """Golden ids of so many customers with at least so many records, and their records."""
    return [
        (str(golden_id), list(records))
        for golden_id, records in ask(home, f"""
            SELECT golden_id, list(record_key ORDER BY record_key) FROM customer_xref
            GROUP BY golden_id HAVING count(*) >= {least} ORDER BY golden_id LIMIT {count}""")
    ]  # fmt: skip


def states(home: Path, *options: str) -> dict[int, str]:
    return {row["number"]: row["state"] for row in call(home, "decisions", "list", *options)}


def test_a_merge_remembers_the_records_of_the_customers(home: Path) -> None:
    (one, records), (other, others) = customers(home, 2, 2)
    made = call(home, "decisions", "merge", one, others[0], "--why", "为什么", "--author", "li")
    assert (made["number"], made["author"], made["why"]) == (1, "li", "为什么")
    assert made["parts"] == [
        {"golden_id": one, "records": records}, {"golden_id": other, "records": others},
    ]  # fmt: skip
    assert "named already" in refused(home, "decisions", "merge", one, records[1])
    assert "mistyped" in refused(home, "decisions", "merge", one, "C000")
    assert "no such record" in refused(home, "decisions", "merge", one, "hq//NOBODY")
    assert "parts: " in refused(home, "decisions", "merge", one)


def test_a_split_is_from_the_rest_of_the_customer(home: Path) -> None:
    (_, (first, *rest)), (_, others) = customers(home, 2, 2)
    made = call(home, "decisions", "split", first)
    assert (made["records"], made["rest"]) == ([first], rest)
    assert "several customers" in refused(home, "decisions", "split", first, others[0])
    assert "no other records" in refused(home, "decisions", "split", first, *rest)


def test_values_are_kept_as_records_have_them_and_shown_only_when_asked(home: Path) -> None:
    ((golden_id, records),) = customers(home, 2, 1)
    assert call(home, "decisions", "generic", "phones", "139 1234 5678", "yes")["value"] == (
        "+8613912345678"
    )
    made = call(home, "decisions", "value", golden_id, "birth_date", "1990-1-2")
    assert (made["record"], made["value"]) == (records[0], "1990-01-02")
    assert "column: is one of phones" in refused(home, "decisions", "generic", "name", "x", "no")
    assert "value: is no phone" in refused(home, "decisions", "value", golden_id, "phone", "abc")
    assert "attribute: is one of" in refused(home, "decisions", "value", golden_id, "age", "9")
    for told in (
        CliRunner().invoke(app, ["decisions", "list", "--home", str(home)]).output,
        json.dumps(call(home, "decisions", "list")),
    ):
        assert "1391234" not in told
        assert "1990-01-02" not in told
    shown = call(home, "decisions", "list", "--values", "--kind", "value")
    assert [row["value"] for row in shown] == ["1990-01-02"]


def test_an_overruled_author_can_be_told(home: Path) -> None:
    (_, (one, other, *_)), (_, (third, *_)) = customers(home, 2, 2)
    call(home, "decide", one, other, "same", "--author", "wang")
    call(home, "decide", other, third, "same", "--author", "wang")
    call(home, "decide", third, one, "different", "--author", "li")
    (row,) = call(home, "decisions", "list", "--overruled")
    assert (row["number"], row["author"], row["by"], row["by_author"]) == (1, "wang", 3, "li")
    assert call(home, "decisions", "list", "--overruled", "--author", "li") == []
    shown = CliRunner().invoke(
        app, ["decisions", "list", "--home", str(home)], env={"COLUMNS": "300"}
    )
    assert "overruled by 3 (li)" in shown.output
    call(home, "decisions", "undo", 3)
    assert states(home) == {1: "in_force", 2: "in_force", 3: "undone", 4: "in_force"}
    assert "undone already, by decision 4" in refused(home, "decisions", "undo", 3)
    assert "no such decision" in refused(home, "decisions", "undo", 99)


def test_decisions_go_from_home_to_home_once(home: Path, published: Path, tmp_path: Path) -> None:
    (_, (one, other, *_)), (golden_id, _) = customers(home, 2, 2)
    call(home, "decide", one, other, "same")
    call(home, "decisions", "value", golden_id, "name", "欧阳娜娜")
    call(home, "decisions", "undo", 1)
    file, again = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    assert call(home, "decisions", "export", file)["decisions"] == 3
    there = Path(shutil.copytree(published, tmp_path / "there", symlinks=True))
    assert call(there, "decisions", "import", file, "--dry-run")["new"] == 3
    assert states(there) == {}
    assert call(there, "decisions", "import", file) == {"new": 3, "known": 0, "written": True}
    assert call(there, "decisions", "import", file) == {"new": 0, "known": 3, "written": True}
    call(there, "decisions", "export", again)
    assert again.read_bytes() == file.read_bytes()
    assert states(there) == states(home)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"decided_at": "2999-01-01T00:00:00"}, "decided_at: lies in the future"),
        ({"kind": "undo", "undoes": "nothing"}, "undoes: no decision has this uid"),
        ({"kind": "generic", "column": "age", "value": "9", "generic": True}, "column: is one of"),
        ({"uid": "u1", "kind": "pair", "left": "a", "right": "c", "verdict": "same"},
         "uid: names another decision already"),
    ],
)  # fmt: skip
def test_an_import_takes_all_or_nothing(
    home: Path, tmp_path: Path, change: dict[str, Any], told: str
) -> None:
    who = {"author": "wang", "decided_at": "2026-03-01T09:30:00"}
    good = who | {"uid": "u1", "kind": "pair", "left": "a", "right": "b", "verdict": "same"}
    wrong = (good if "kind" not in change else who) | change
    file = tmp_path / "f.jsonl"
    file.write_text(f"{json.dumps(good)}\n{json.dumps(wrong | {'uid': change.get('uid', 'u2')})}")
    sentence = refused(home, "decisions", "import", file)
    assert sentence.startswith(f"{file}: line 2: {told}")
    assert states(home) == {}


def test_decisions_on_unknown_records_wait(home: Path, tmp_path: Path) -> None:
    line = {"kind": "pair", "author": "wang", "decided_at": "2026-03-01T09:30:00",
            "left": "hq//GONE", "right": "hq//TOO", "verdict": "same"}  # fmt: skip
    (tmp_path / "f.jsonl").write_text(json.dumps(line))
    call(home, "decisions", "import", tmp_path / "f.jsonl")
    assert states(home) == {1: "waiting"}
