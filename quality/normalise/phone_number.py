"""One telephone number: digits with their separators, signs and noise."""

from __future__ import annotations

import re
from collections.abc import Iterator
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

    @property
    def known(self) -> str | None:
        """What is known of it: its value, or of one that is partial its digits."""
        partial = self.digits if self.status is Status.PARTIAL else None
        return self.value or self.pattern or partial


#: Characters that stand for digits, and what they stand for: by shape, and Chinese numerals.
LETTERS, NUMERALS = "OoQIilSsZzB", "〇○零一二三四五六七八九幺两壹贰叁肆伍陆柒捌玖"
#: Characters that stand for hidden digits.
MASKS = "*×Xx#•●_"
_LETTERS = str.maketrans(LETTERS, "00011155228")
_NUMERALS = str.maketrans(NUMERALS, "00012345678912123456789")
_STARS = str.maketrans(MASKS, "*" * len(MASKS))
_JOINTS = r"\s._·。'\"—–−~=\-"
_JOINTS_AND_BRACKETS = re.compile(f"[{_JOINTS}()]+")
_NO_DIGITS = re.compile(r"\D+")
_SPELT = re.compile(f"[{LETTERS}{NUMERALS}]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_EXTENSION = re.compile(
    r"\s*[,-]?\s*(?:转|拨|分机号?|EXT\.?|#|内线|(?<=[\d )])(?:X|\*(?=\d\d)))"
    r"\s*[:.]?\s*(\d{1,6})\D*$",
    re.IGNORECASE,
)
_EXTENDED = re.compile(r"[转拨分内#XE*]", re.IGNORECASE)
_DASHED_EXTENSION = re.compile(r"(.*\d)\s*[-—–−]\s*(\d{1,5})$")
_NOTES_AROUND = re.compile(r"^(?:\([^\d)]*\)|[^\d+(])+|\D+$")
# brackets stand around a country's or an area's code
_NUMBER = re.compile(rf"\+?\d{{0,4}}[{_JOINTS}]*(?:\(\+?\d+\))?[\d{_JOINTS}]*")
_LETTERED = re.compile(rf"\+?(?=.*[{LETTERS}])(?=(?:.*\d){{6}})[\d{LETTERS}]{{10,14}}")
_MASK = re.compile(f"[{MASKS}]{{3}}")
_HIDDEN = re.compile(rf"(?:\d[\d{_JOINTS}{MASKS}]*)?[{MASKS}]{{3,}}[\d{_JOINTS}{MASKS}]*")
_MASKED = re.compile(r"(?:\+?86(?=1))?(\d{0,10})(\*{3,})(\d{0,8})")
_TWICE_MASKED = re.compile(r"(?=.{7,13}$)\d*\*+\d+\*+\d*")
_CALL_PREFIX = re.compile(
    r"(?:0{0,2}86|\+86)?(?:12593|179\d\d|10193)?(?=0?1[3-9]\d{9}$|0[1-9]\d{9,10}$)"
)
_GREATER_CHINA = re.compile(r"852[2-9]\d{7}|853(?:6\d|8\d|28)\d{6}|8860?[2-9]\d{7,8}")
# 1-650-253-0000: nobody parts a mobile of China so
_AMERICAN = re.compile(r"1[\s.-]+\(?[2-9]\d\d\)?[\s.-]+\d{3}[\s.-]+\d{4}")
_SERVICE = re.compile(r"9[56]\d{3,6}|1[0-2]\d{3}|11[0249]|12[02]")
_LOCAL = re.compile(r"[2-9]\d{6,7}")
_DUMMY = 5  # so many equal digits fill a field; fewer are a number cut short


def one_number(piece: str, near: Near) -> Number:
    """Read a text as one number; digits are only joined over what stands within a number."""
    text, damage = without_float(piece.strip())
    if damage == "digits_lost":
        return Number(None, None, Status.INVALID, damage, digits=text)
    tail = _EXTENSION.search(text) if _EXTENDED.search(text) else None
    text, extension = (text[: tail.start()], tail[1]) if tail else (text, None)
    hidden = _masked(text) if _MASK.search(text) else None
    found = hidden or _as_it_stands(text, near, extension)
    sound = found.value is not None and found.status is Status.OK
    if not (found.pattern or found.kind == "mobile") and _SPELT.search(text):
        # a letter that is no noise makes a mobile, or a number of what is none or needed repair
        for spelling, reason in _spellings(text):
            other = _as_it_stands(spelling, near, extension)
            if other.status is Status.PLACEHOLDER and other.kind == "mobile":
                return other
            whole = other.value and other.status is Status.OK and other.kind != "service"
            if whole and (other.kind == "mobile" or not sound):
                return replace(other, status=Status.REPAIRED, reason=reason)
    return replace(found, status=Status.REPAIRED, reason=damage) if damage and sound else found


def _spellings(text: str) -> Iterator[tuple[str, str]]:
    """The text with digits for letters, with a dash for the numeral 一, for Chinese numerals."""
    if _LETTERED.fullmatch(_JOINTS_AND_BRACKETS.sub("", text)):
        yield text.translate(_LETTERS), "letters_for_digits"
    yield text.replace("一", "-"), "numeral_for_dash"
    yield text.translate(_NUMERALS), "chinese_numerals"


def _as_it_stands(text: str, near: Near, extension: str | None) -> Number:
    """Read a text whose characters are what they are, with notes around it or none."""
    text = _NOTES_AROUND.sub("", text)
    if not _NUMBER.fullmatch(text):
        return _wrong_length(_NO_DIGITS.sub("", text))
    found = _of_digits(text, near)
    dashed = None if found.value or extension else _DASHED_EXTENSION.fullmatch(text)
    if dashed:
        without = _of_digits(dashed[1], near)
        if without.value:
            found, extension = without, dashed[2]
    return replace(found, extension=extension) if extension else found


def _masked(text: str) -> Number | None:
    """A number with stars in it, its width that of a mobile where it begins like one."""
    hidden = _HIDDEN.search(text)
    if hidden is None or re.search(r"\d", text[: hidden.start()] + text[hidden.end() :]):
        return None
    bare = _JOINTS_AND_BRACKETS.sub("", hidden[0]).translate(_STARS)
    match = _MASKED.fullmatch(bare)
    if match is None:
        if not _TWICE_MASKED.fullmatch(bare):
            return None
        return Number(
            None, None, Status.PARTIAL, "masked", pattern=bare, digits=bare.replace("*", "")
        )
    head, stars, tail = match.groups()
    if len(head + tail) < 3:
        return None
    whole = len(head + stars + tail) in (11, 13) or not head.startswith("1")
    width = len(stars) if whole else max(11 - len(head) - len(tail), 1)
    pattern = head + "*" * width + tail
    return Number(None, None, Status.PARTIAL, "masked", pattern=pattern, digits=head + tail)


def _of_digits(text: str, near: Near) -> Number:
    """Read digits with +, spaces, hyphens and brackets as one number."""
    digits = _NO_DIGITS.sub("", text)
    if text.startswith(("+", "00", "(+")) and not re.match(r"\(?\+?0{0,2}86", text):
        return _abroad(digits.removeprefix("00"))
    american = _with_plus(digits) if _AMERICAN.fullmatch(text) else None
    if american:
        return american
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
    regular = len(local) >= _DUMMY and len(set(local)) == 1
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


def _abroad(digits: str) -> Number:
    """A number with the sign of another country, or a mobile with a sign too many."""
    number = foreign("+" + digits, digits)
    if _MOBILE.fullmatch(digits) and number.reason:
        return _mobile(digits, Status.REPAIRED, "plus_misplaced")
    return number


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
    return _with_plus(digits) if _GREATER_CHINA.fullmatch(digits) else None


def _with_plus(digits: str) -> Number | None:
    """A number of another country, if it is a right one."""
    number = foreign("+" + digits, digits)
    if number.value is None or number.reason:
        return None
    return replace(number, status=Status.REPAIRED, reason="plus_added")


def foreign(text: str, digits: str) -> Number:
    """A number in E.164 with its +, as `phonenumbers` judges it."""
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
    if not _LOCAL.fullmatch(digits):
        return _wrong_length(digits)
    in_area = landline(near.area_code + digits) if near.area_code else None
    reason = "area_code_missing"
    if in_area and not in_area.reason:
        return replace(in_area, status=Status.REPAIRED, reason="area_code_completed")
    if in_area and in_area.reason in ("seven_digits", "not_in_plan"):
        # the outlet's area has longer or shorter numbers: an old one, a slip, or another area's
        reason = "seven_digits" if len(digits) == 7 else "eight_digits"
    return Number(None, "landline", Status.PARTIAL, reason, digits=digits)


def _wrong_length(digits: str) -> Number:
    if not digits:
        return Number(None, None, Status.INVALID, "no_digits")
    if len(set(digits)) == 1 and len(digits) >= _DUMMY:
        return Number(None, None, Status.PLACEHOLDER, "dummy", digits=digits)
    return Number(None, None, Status.INVALID, "wrong_length", digits=digits)
