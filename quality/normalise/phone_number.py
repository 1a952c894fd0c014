"""One telephone number out of a cell's text, and the numbers of a cell in their order."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import phonenumbers

from quality.normalise import Near, Status
from quality.normalise.cell import without_float
from quality.normalise.number_plan import areas, is_dummy, looks_dummy, plan_of, plan_of_prefix


@dataclass(frozen=True, slots=True)
class Number:
    """One number of a cell; value is None when it is none, and reason says why."""

    value: str | None
    kind: str | None = None
    status: Status = Status.OK
    reason: str = ""
    extension: str | None = None
    area_code: str | None = None
    pattern: str | None = None
    digits: str = ""


_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_PIECES = re.compile(r"[/、,;|\n\r\t&]+|或者?|和|及|以及")
_EXTENSION = re.compile(
    r"\s*[,-]?\s*(?:转|分机号?|EXT\.?|#|内线)\s*[:.]?\s*(\d{1,6})\D*$", re.IGNORECASE
)
_DASHED_EXTENSION = re.compile(r"(\d[\d -]*\d)\s*-\s*(\d{1,5})$")
_LABEL_OR_NOTE = re.compile(r"[^\d*+()\- ]+")
_LETTERS = str.maketrans("OoQIl|", "000111")
_LETTERED = re.compile(r"[\dOoQIl|]{11,13}")
_MASKED = re.compile(r"\+?(\d{2,8})-?([*×Xx#•●_]{3,})-?(\d{2,4}|$)")
_CALL_PREFIX = re.compile(
    r"(?:0{0,2}86|\+86)?(?:12593|179\d\d|10193)?(?=0?1[3-9]\d{9}$|0[1-9]\d{9,10}$)"
)
_TWO_MOBILES = re.compile(r"(?<!\d)(1[3-9]\d{9})(1[3-9]\d{9})(?!\d)")
_GREATER_CHINA = re.compile(r"(?:852[2-9]\d{7}|8536\d{7}|8860?9\d{8})")
_SERVICE = re.compile(r"9[56]\d{3,6}|1[0-2]\d{3}|11[0249]|12[02]")
_LOCAL = re.compile(r"[2-9]\d{6,7}")


def numbers(text: str, near: Near) -> list[Number]:
    """The numbers of a cell in their order; one that says why when there is none."""
    found: list[Number] = []
    area = near
    for piece in _PIECES.split(text):
        if piece.strip():
            for number in _of_piece(piece.strip(), area):
                found.append(number)
                if number.area_code and number.reason != "area_code_completed":
                    area = Near(number.area_code, near.province)
    return found or [Number(None, status=Status.INVALID, reason="no_digits")]


def _of_piece(piece: str, near: Near) -> list[Number]:
    """Read a piece as one number, else as several standing side by side."""
    whole = _one(piece, near)
    if whole.value or whole.pattern:
        return [whole]
    pair = _TWO_MOBILES.search(piece)
    if pair:
        return [_mobile(d, Status.REPAIRED, "run_together") for d in pair.groups()]
    groups = [g for g in re.split(r"[^\d+*-]+", piece) if g]
    several: list[Number] = []
    start = 0
    while start < len(groups):
        for stop in range(len(groups), start, -1):
            number = _one(" ".join(groups[start:stop]), near)
            if number.value and stop - start < len(groups):
                several.append(number)
                break
        start = stop if number.value else start + 1
    return several or [whole]


def _one(piece: str, near: Near) -> Number:
    """Read a piece of a cell as one number."""
    text, reason = without_float(piece)
    if reason == "digits_lost":
        return Number(None, None, Status.INVALID, reason, digits=text)
    extension = None
    tail = _EXTENSION.search(text)
    if tail:
        text, extension = text[: tail.start()], tail[1]
    masked = _MASKED.search(text)
    if masked:
        return _masked(masked)
    if _LETTERED.fullmatch(text) and not text.isdigit():
        text, reason = text.translate(_LETTERS), "letters_for_digits"
    text = _LABEL_OR_NOTE.sub(" ", text).strip()
    number = _of_digits(text, near)
    dashed = None if number.value or extension else _DASHED_EXTENSION.fullmatch(text)
    if dashed:
        without = _of_digits(dashed[1], near)
        if without.value:
            number, extension = without, dashed[2]
    if number.value and reason and number.status is Status.OK:
        number = replace(number, status=Status.REPAIRED, reason=reason)
    return replace(number, extension=extension) if extension else number


def _masked(match: re.Match[str]) -> Number:
    head, stars, tail = match.groups()
    width = max(11 - len(head) - len(tail), 1) if head.startswith("1") else len(stars)
    pattern = head + "*" * width + tail
    return Number(
        None, None, Status.PARTIAL, "masked", pattern=pattern, digits=head + tail
    )  # fmt: skip


def _of_digits(text: str, near: Near) -> Number:
    """Read digits with +, spaces, hyphens and brackets as one number."""
    digits = re.sub(r"\D", "", text)
    if text.startswith(("+", "00")) and not re.match(r"\+?0{0,2}86", text):
        return _foreign("+" + digits.removeprefix("00"), digits)
    bare = _CALL_PREFIX.sub("", digits, count=1)
    if len(bare) == 12 and _MOBILE.fullmatch(bare[1:]) and bare[0] == "0":
        bare = bare[1:]
    if _MOBILE.fullmatch(bare):
        return _mobile(bare)
    called = text.startswith(("+", "00")) or len(digits) >= 12
    stripped = re.sub(r"^(?:00)?86", "", digits) if called else bare
    if stripped != bare and not stripped.startswith("0"):
        national = landline("0" + stripped)
        if national and national.value:
            return national
    for read in (_special, landline, _lost_zero, _regional):
        for candidate in dict.fromkeys((bare, stripped)):
            number = read(candidate)
            if number:
                return number
    return _local(bare, near)


def _mobile(digits: str, status: Status = Status.OK, reason: str = "") -> Number:
    kind, marked = mobile_kind(digits)
    if is_dummy(digits):
        return Number(None, kind, Status.PLACEHOLDER, "listed", digits=digits)
    return Number("+86" + digits, kind, status, reason or marked, digits=digits)


def mobile_kind(digits: str) -> tuple[str, str]:
    """Kind of an 11-digit number, and the reason why to doubt it, or ""."""
    kind, in_plan = plan_of(digits)
    doubt = "looks_dummy" if looks_dummy(digits) else "" if in_plan else "not_in_plan"
    return kind, doubt


def _special(digits: str) -> Number | None:
    if len(digits) == 13:
        plan = plan_of_prefix(digits[:5], 13)
        return Number("+86" + digits, plan[0], digits=digits) if plan else None
    if len(digits) == 10 and digits[:3] in ("400", "800"):
        return Number("+86" + digits, "hotline", digits=digits)
    if _SERVICE.fullmatch(digits):
        return Number("+86" + digits, "service", digits=digits)
    return None


def landline(digits: str) -> Number | None:
    """A number with its area code; None where it begins with no area code."""
    if not digits.startswith("0"):
        return None
    area = next((digits[:n] for n in (3, 4) if digits[:n] in areas()), None)
    if area is None:
        return None
    local = digits[len(area) :]
    regular = len(set(local)) == 1
    if not _LOCAL.fullmatch(local):
        if regular:
            return Number(None, "landline", Status.PLACEHOLDER, "dummy", digits=digits)
        return Number(None, "landline", Status.INVALID, "wrong_length", None, area, None, digits)
    lengths = areas()[area]
    value = "+86" + digits[1:]
    if len(local) in lengths:
        doubt = "looks_dummy" if regular else ""
        return Number(value, "landline", reason=doubt, area_code=area, digits=digits)
    if len(local) < min(lengths):
        # the area went from 7 to 8 digits: an old number, or one with a digit missing
        return Number(None, "landline", Status.PARTIAL, "seven_digits", None, area, None, digits)
    return Number(value, "landline", Status.OK, "not_in_plan", None, area, None, digits)


def _lost_zero(digits: str) -> Number | None:
    """A landline that a spreadsheet kept as a number: 0512… became 512…"""
    if not 9 <= len(digits) <= 11 or digits.startswith("0"):
        return None
    number = landline("0" + digits)
    if number is None or not number.value or number.reason:
        return None
    return replace(number, status=Status.REPAIRED, reason="leading_zero_lost")


def _regional(digits: str) -> Number | None:
    """Hong Kong, Macao and Taiwan mobiles and lines typed with their code but without the +."""
    if not _GREATER_CHINA.fullmatch(digits):
        return None
    number = _foreign("+" + digits, digits)
    if not number.value:
        return None
    return replace(number, status=Status.REPAIRED, reason="plus_added")


def _foreign(text: str, digits: str) -> Number:
    try:
        parsed = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException:
        return Number(None, None, Status.INVALID, "not_a_number", digits=digits)
    if not phonenumbers.is_possible_number(parsed):
        return Number(None, "foreign", Status.INVALID, "wrong_length", digits=digits)
    value = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    reason = "" if phonenumbers.is_valid_number(parsed) else "not_in_plan"
    return Number(value, "foreign", Status.OK, reason, digits=digits)


def _local(digits: str, near: Near) -> Number:
    """A landline without area code, or what is left: a number of the wrong length."""
    if not digits:
        return Number(None, None, Status.INVALID, "no_digits")
    if not _LOCAL.fullmatch(digits):
        if len(set(digits)) == 1 and len(digits) >= 5:
            return Number(None, None, Status.PLACEHOLDER, "dummy", digits=digits)
        return Number(None, None, Status.INVALID, "wrong_length", digits=digits)
    completed = landline(near.area_code + digits) if near.area_code else None
    if completed and completed.value and not completed.reason:
        return replace(completed, status=Status.REPAIRED, reason="area_code_completed")
    return Number(None, "landline", Status.PARTIAL, "area_code_missing", digits=digits)
