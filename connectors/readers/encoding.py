"""Bytes to text: BOM, then UTF-8, then GB18030, then Big5; always strictly and the whole file.

UTF-8 comes first because 47 % of UTF-8 Chinese names decode as GB18030 without an error, while a
GBK file is practically never valid UTF-8. Big5 decodes silently as GB18030 too, so GB18030 is
believed only when known headers appear in it or they do not appear in Big5 either.
"""

from __future__ import annotations

import codecs
import itertools

from connectors.headers import count_known
from connectors.readers.problems import HalfWritten, Undecodable

BOMS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
    b"\x84\x31\x95\x33": "gb18030",
}
SEVENTH_OF_HEAD = 7  # comma, digits, line breaks: at least so many of UTF-16's units are ASCII
HEAD = 4096  # characters in which a header is looked for


def decode(data: bytes) -> str:
    """The text; raises HalfWritten if it ends within a character, Undecodable in any other case."""
    for bom, codec in BOMS.items():
        if data.startswith(bom):
            return _whole(data[len(bom) :], codec)
    if (codec16 := _utf16(data)) is not None:
        return _whole(data, codec16)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_cut(error) and not data[: error.start].isascii():
            raise HalfWritten("the text ends within a character") from None
    return _chinese(data)


def _chinese(data: bytes) -> str:
    try:
        text = data.decode("gb18030")
        cut = False
    except UnicodeDecodeError as error:
        cut = _is_cut(error)
        text = data[: error.start].decode("gb18030") if cut else ""
    if not _has_header(text):
        for codec in ("cp950", "big5hkscs"):
            try:
                other = data.decode(codec)
            except UnicodeDecodeError as error:
                if _is_cut(error) and _has_header(data[: error.start].decode(codec)):
                    raise HalfWritten("the text ends within a character") from None
                continue
            if _has_header(other):
                return other
    if cut:
        raise HalfWritten("the text ends within a character")
    if not text:
        raise Undecodable("the text is not in UTF-8, UTF-16, GB18030 or Big5")
    return text


def _whole(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        if _is_cut(error):
            raise HalfWritten("the text ends within a character") from None
        raise Undecodable(f"the file says that it is {codec}, but it is not") from None


def _is_cut(error: UnicodeDecodeError) -> bool:
    """Whether the fault is that the bytes end too early."""
    words = ("unexpected end", "incomplete", "truncated")
    return error.end >= len(error.object) and any(word in error.reason for word in words)


def _utf16(data: bytes) -> str | None:
    """The byte order of UTF-16 without a BOM, told by where its zero bytes are."""
    head = data[:HEAD]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * SEVENTH_OF_HEAD < len(head) // 2 or min(even, odd) * 10 > max(even, odd):
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _has_header(text: str) -> bool:
    lines = itertools.islice(text[:HEAD].splitlines(), 30)
    return any(count_known(line) for line in lines)
