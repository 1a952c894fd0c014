"""What code-like fields share: cells without typographic noise, and the placeholder table."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from quality.normalise.text import simplify
from quality.reference import table

# soft hyphen, zero-width and direction marks, word joiner, byte order mark
_INVISIBLE = dict.fromkeys(
    [
        0x00AD,
        0xFEFF,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2065),
    ]
)
_SPACE = re.compile(r"\s+")
_FLOAT = re.compile(r"(\d{4,})\.0+")
_SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+?(\d{1,3})", re.IGNORECASE)


def clean(typed: str) -> str:
    """Fold full-width and compatibility forms (NFKC), drop invisible characters, quotes and ends.

    >>> clean("\\t'１３８\u200b００１３８０００ ")
    '13800138000'
    """
    if not typed.isascii():
        typed = unicodedata.normalize("NFKC", typed.translate(_INVISIBLE))
        # digits of other scripts would pass \d, but not a comparison
        typed = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in typed)
    return typed.strip(" \t\r\n\f\v\0'\"`‘’“”")


def folded(typed: str) -> str:
    """A clean cell in simplified characters: for codes and words, where the script says nothing.

    >>> folded("蘇Ｅ１２３４６")
    '苏E12346'
    """
    text = clean(typed)
    return text if text.isascii() else simplify(text)


def is_placeholder(text: str, field: str) -> bool:
    """Whether a cleaned text is listed in `quality/reference/placeholders.csv` for a field.

    >>> is_placeholder("不 详", "vin"), is_placeholder("13800138000", "phone")
    (True, True)
    """
    bare = _SPACE.sub("", text).upper()
    return bare in placeholders(field) or (
        not bare.isascii() and simplify(bare) in placeholders(field)
    )


def without_float(text: str) -> tuple[str, str]:
    """Undo what a spreadsheet does to long digits; return the digits and a reason code or "".

    >>> without_float("13812345678.0"), without_float("1.3812345678E+10")
    (('13812345678', 'excel_float'), ('13812345678', 'excel_float'))
    >>> without_float("1.38123E+10"), without_float("13812345678")
    (('138123', 'digits_lost'), ('13812345678', ''))
    """
    whole = _FLOAT.fullmatch(text)
    if whole:
        return whole[1], "excel_float"
    scientific = _SCIENTIFIC.fullmatch(text)
    if scientific is None:
        return text, ""
    fraction = scientific[2] or ""
    digits = scientific[1] + fraction
    missing = int(scientific[3]) - len(fraction)
    return digits, "excel_float" if missing == 0 else "digits_lost"


@cache
def placeholders(field: str) -> frozenset[str]:
    """The placeholders of a field and of every field."""
    return frozenset(row["value"] for row in table("placeholders") if row["field"] in ("*", field))
