"""Text that was decoded with the wrong code page, and what it was before.

Three ways back are tried on the raw cell, before any folding changes its characters:

- Han in GBK, UTF-8 or Big5 read as Latin-1 or Windows-1252 (ÕÅÎ°, å¼ ä¼Ÿ): the bytes are all there;
- Han in UTF-8 read as GBK (寮犱紵): there too, but for the last character where the bytes are odd.

Whether an outcome is a name is for the caller to judge: one in a hundred names in GBK is right as
UTF-8 by chance. `lost` marks what cannot come back: U+FFFD in UTF-8 that was read as GBK (锟斤拷).
"""

from __future__ import annotations

import re

from quality.normalise.text import is_han

_SIGN = "锟斤拷"
_LOST = re.compile(f"(?:{_SIGN})+锟?斤?")
_TAIL = "?\ufffd"
_FIRST_LEVEL, _LAST_OF_IT = b"\xb0", b"\xd7"  # lead bytes


def origins(typed: str) -> list[str]:
    """The Han texts that may have been written, each once.

    >>> origins("ÕÅÎ°"), origins("å¼\\xa0ä¼Ÿ"), origins("寮犱紵"), origins("鐜嬪皬鏄?")
    (['张伟', '桲帡'], ['张伟'], ['张伟'], ['王小?'])
    >>> origins("José"), origins("张伟"), origins("Zhang Wei")
    ([], [], [])
    """
    text = typed.strip(" \t\r\n")
    if not text or text.isascii():
        return []
    raw = _single_bytes(text)
    if raw is None:
        found = [_from_gbk(text)]
    else:  # what is right as UTF-8 is hardly so by chance
        utf8 = _decoded(raw, "utf-8")
        found = [utf8] if utf8 else [_decoded(raw, "gb18030"), _decoded(raw, "big5")]
    return [one for one in dict.fromkeys(found) if one and is_han(one.rstrip("?"))]


def lost(text: str) -> str:
    """The text with `?` for characters that can no longer be known.

    >>> lost("张锟斤拷"), lost("锟斤拷锟斤拷"), lost("张伟")
    ('张?', '?', '张伟')
    """
    return _LOST.sub("?", text) if _SIGN in text else text


def is_usual(text: str) -> bool:
    """Whether all characters are among the 3755 of the first level of GB 2312, by which one writes.

    >>> is_usual("陈红"), is_usual("麻綻"), is_usual("廖蚋蚗")
    (True, False, False)
    """
    try:
        return all(_FIRST_LEVEL <= char.encode("gb2312")[:1] <= _LAST_OF_IT for char in text)
    except UnicodeEncodeError:
        return False


def _single_bytes(text: str) -> bytes | None:
    """The bytes of a text in Latin-1 or Windows-1252; None where it is in neither."""
    try:
        return b"".join(
            bytes((ord(char),)) if ord(char) < 256 else char.encode("cp1252") for char in text
        )
    except UnicodeEncodeError:
        return None


def _decoded(raw: bytes, code_page: str) -> str:
    try:
        return raw.decode(code_page)
    except UnicodeDecodeError:
        return ""


def _from_gbk(text: str) -> str:
    """UTF-8 that was read as GBK; the last character as `?` where bytes of it are gone."""
    try:
        raw = text.rstrip(_TAIL).encode("gb18030")
    except UnicodeEncodeError:  # a lone surrogate
        return ""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        whole = text[-1:] in _TAIL and error.reason == "unexpected end of data"
        return raw[: error.start].decode("utf-8") + "?" if whole else ""
