"""Check digits against python-stdnum, and the property that makes them useful: they see slips."""

from __future__ import annotations

import pytest
import stdnum.cn.ric
import stdnum.cn.uscc
import stdnum.iso7064.mod_11_2
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.normalise import Status, identity, vin
from quality.normalise.resident import check_character, one_short

VIN_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ0123456789"
BODIES = st.text("0123456789", min_size=17, max_size=17)
USCC_BODIES = st.builds(
    lambda head, tail: head + tail,
    st.text("123456789", min_size=8, max_size=8),
    st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=9, max_size=9),
)


@settings(deadline=None)
@given(BODIES)
def test_resident_check_is_mod_11_2(body: str) -> None:
    assert identity.check_character(body) == stdnum.iso7064.mod_11_2.calc_check_digit(body)


@settings(deadline=None)
@given(USCC_BODIES)
def test_uscc_check_agrees_with_stdnum(body: str) -> None:
    assert identity.uscc_check(body) == stdnum.cn.uscc.calc_check_digit(body + "0")


def obvious_vin_check(text: str) -> str:
    """The check character of GB 16735 as its annex A tells it, place by place."""
    values = {
        "A": 1,
        "B": 2,
        "C": 3,
        "D": 4,
        "E": 5,
        "F": 6,
        "G": 7,
        "H": 8,
        "J": 1,
        "K": 2,
        "L": 3,
    }
    values |= {"M": 4, "N": 5, "P": 7, "R": 9, "S": 2, "T": 3, "U": 4, "V": 5, "W": 6, "X": 7}
    values |= {"Y": 8, "Z": 9} | {str(n): n for n in range(10)}
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    rest = sum(values[text[place]] * weights[place] for place in range(17)) % 11
    return "X" if rest == 10 else str(rest)


@settings(deadline=None)
@given(st.text(VIN_LETTERS, min_size=17, max_size=17))
def test_vin_check_agrees_with_the_obvious_one(text: str) -> None:
    assert vin.check_digit(text) == obvious_vin_check(text)


@settings(deadline=None)
@given(BODIES, st.integers(0, 16), st.sampled_from("123456789"))
def test_every_single_digit_slip_of_a_resident_id_is_seen(body: str, at: int, step: str) -> None:
    slipped = body[:at] + str((int(body[at]) + int(step)) % 10) + body[at + 1 :]
    assert identity.check_character(slipped) != identity.check_character(body)


@pytest.mark.parametrize(
    "number", ["11010519491231002X", "110105199003078239", "440106198511235564"]
)
def test_residents_that_stdnum_accepts(number: str) -> None:
    number = number[:17] + identity.check_character(number[:17])
    value = identity.normalise(number)
    assert value.status is Status.OK
    assert stdnum.cn.ric.is_valid(number)
    assert value.birth_date == stdnum.cn.ric.get_birth_date(number)


@settings(deadline=None, max_examples=300)
@given(st.text(VIN_LETTERS + "OIQ", min_size=17, max_size=17))
def test_a_vin_with_a_value_passes_or_is_foreign(text: str) -> None:
    value = vin.normalise("L" + text[1:])
    assert value.value is None or vin.check_digit(value.value) == value.value[8]
    assert all(vin.check_digit(v) == v[8] for v in value.candidates)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 999999), st.integers(0, 16), st.sampled_from("OIQ"))
def test_an_illegal_letter_is_put_right(serial: int, at: int, letter: str) -> None:
    body = f"LSVAA0100J1{serial:06d}"
    whole = body[:8] + vin.check_digit(body) + body[9:]
    meant = {"O": "0", "I": "1", "Q": "0"}[letter]
    if whole[at] == meant and vin.normalise(whole).status is Status.OK:
        value = vin.normalise(whole[:at] + letter + whole[at + 1 :])
        assert value.value == whole or whole in value.candidates


def test_model_years_fill_one_cycle() -> None:
    assert sorted(vin.YEARS.values()) == list(range(2001, 2031))
    assert (vin.YEARS["A"], vin.YEARS["Y"], vin.YEARS["1"]) == (2010, 2030, 2001)


@settings(deadline=None, max_examples=40)
@given(BODIES, st.integers(0, 17))
def test_what_is_told_of_a_short_id_is_true_of_every_id_that_it_can_be(body: str, at: int) -> None:
    whole = "110105" + body[6:] + check_character("110105" + body[6:])
    short = whole[:at] + whole[at + 1 :]
    told = one_short(short, short)
    longer = {short[:i] + c + short[i:] for i in range(18) for c in "0123456789X"}
    possible = [identity.normalise(text) for text in sorted(longer)]
    possible = [v for v in possible if v.kind == "resident_id" and v.value]
    assert (told is None) == (not possible)
    for name in ("birth_date", "sex", "region_code"):
        meant = {getattr(v, name) for v in possible}
        assert getattr(told, name, None) == (meant.pop() if len(meant) == 1 else None)
