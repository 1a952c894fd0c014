"""The files that cannot be taken: each repeats rows that a good file also has, or none."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from connectors.sample.outlets import Outlet
from connectors.sample.write import delimited, workbook

Sent = tuple[Path, Outlet, list[dict[str, str]]]


def write_bad_files(landing: Path, sent: list[Sent], day_before: str) -> list[tuple[str, str]]:
    """Write one file of each fault beside the good ones of the first night.

    sent: the good dealer files; day_before: YYYYMMDD, a date that no good file carries.
    Returns path below the landing area and what is expected of each. The file that was sent twice
    is taken under its earlier name, so it is the good one of the two that counts as duplicate.
    """
    makers = (_cut_workbook, _cut_text, _empty, _no_header, _noise, _again)
    found = []
    for maker, (path, outlet, rows) in zip(makers, sent, strict=False):
        suffix, content, expected = maker(path, outlet, rows)
        bad = path.with_name(f"customers_{day_before}.{suffix}")
        bad.write_bytes(content)
        if expected == "duplicate":
            found.append((bad.relative_to(landing).as_posix(), "taken"))
            bad = path
        found.append((bad.relative_to(landing).as_posix(), expected))
    return found


def _text(outlet: Outlet, rows: list[dict[str, str]]) -> bytes:
    plain = replace(outlet, form="csv", encoding="utf-8", delimiter=",", traits=frozenset())
    return delimited(plain, [head for _, head in outlet.columns], _table(outlet, rows))


def _table(outlet: Outlet, rows: list[dict[str, str]]) -> list[list[str]]:
    return [[row.get(name, "") for name, _ in outlet.columns] for row in rows]


def _cut_workbook(path: Path, outlet: Outlet, rows: list[dict[str, str]]) -> tuple[str, bytes, str]:
    whole = workbook(outlet, [head for _, head in outlet.columns], _table(outlet, rows[:60]))
    return "xlsx", whole[: len(whole) * 2 // 3], "half_written"


def _cut_text(path: Path, outlet: Outlet, rows: list[dict[str, str]]) -> tuple[str, bytes, str]:
    lines = io.BytesIO(_text(outlet, rows[:40])).readlines()
    middle = lines[-1].decode("utf-8")
    cells = middle.split(",")
    return "csv", b"".join(lines[:-1]) + ",".join(cells[:3]).encode("utf-8"), "half_written"


def _empty(path: Path, outlet: Outlet, rows: list[dict[str, str]]) -> tuple[str, bytes, str]:
    return "csv", b"", "empty"


def _no_header(path: Path, outlet: Outlet, rows: list[dict[str, str]]) -> tuple[str, bytes, str]:
    lines = ["甲,乙,丙", "1,a,x", "2,b,y", "3,c,z"]
    return "csv", "\r\n".join(lines).encode("utf-8") + b"\r\n", "no_header"


def _noise(path: Path, outlet: Outlet, rows: list[dict[str, str]]) -> tuple[str, bytes, str]:
    """The beginning of an Excel 97 file, and nothing sensible behind it."""
    return "xls", bytes.fromhex("d0cf11e0a1b11ae1") + bytes(range(256)) * 12, "broken"


def _again(path: Path, outlet: Outlet, rows: list[dict[str, str]]) -> tuple[str, bytes, str]:
    """The good file's own bytes under another name."""
    return path.suffix.removeprefix("."), path.read_bytes(), "duplicate"
