"""Read a file into sheets of text cells; the kind is told by the content, never by the name."""

from __future__ import annotations

from pathlib import Path

from connectors.readers import delimited, encoding, html, spreadsheet
from connectors.readers.problems import EmptyFile, HalfWritten, Unreadable
from connectors.readers.sheet import Sheet

__all__ = ["Sheet", "read", "read_content"]

ZIP = b"PK\x03\x04"
OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Kinds that outlets send by mistake, by their first bytes (file(1) magic).
FOREIGN = {
    b"%PDF": "PDF",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7-Zip",
    b"\xff\xd8\xff": "JPEG",
    b"\x89PNG": "PNG",
    b"SQLite format 3": "SQLite",
}


def read(path: Path) -> list[Sheet]:
    """The sheets of the file at `path`; raises a FileProblem saying why it cannot be read."""
    return read_content(path.read_bytes())


def read_content(data: bytes) -> list[Sheet]:
    """The sheets of a file with this content; raises a FileProblem."""
    if not data:
        raise EmptyFile("the file has no content")
    if not data.strip(b"\0"):
        raise HalfWritten("the file has its size but no content yet")
    if data.startswith((ZIP, OLE2)) or data in (ZIP[: len(data)], OLE2[: len(data)]):
        return spreadsheet.read(data)
    for magic, kind in FOREIGN.items():
        if data.startswith(magic):
            raise Unreadable(f"the file is a {kind} file, not a table")
    text = encoding.decode(data)
    if not text.strip():
        raise EmptyFile("the file has no content but blanks")
    return html.read(text) if html.looks_like(text) else delimited.read(text)
