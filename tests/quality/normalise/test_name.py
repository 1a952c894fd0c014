"""The fast way through most names against the slow one; pinyin; the word lists."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quality.normalise import name
from quality.normalise.name_han import plain
from quality.normalise.name_title import before_names
from quality.normalise.name_value import bare_parts, relations, titles
from quality.normalise.romanised import surname_sounds, syllable_sounds
from quality.normalise.surname import MOST_READINGS, compound, readings, single, spell, syllables
from quality.normalise.text import fold, simplify, variants
from quality.reference import table

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
SURNAMES = st.sampled_from([*single(), *compound(), "劉", "陳", "老", "測", *before_names()])
ENDS = st.sampled_from([
    "", *titles(), *relations(), *bare_parts(),
    "某", "厂", "物流", "中心", "龙天", "李娜", "锟斤拷",
])  # fmt: skip
NAMES = st.builds("{}{}{}".format, SURNAMES, st.text(HAN, max_size=2), ENDS)


@settings(deadline=None, max_examples=400)
@given(typed=NAMES)
def test_the_fast_way_says_what_the_slow_one_says(typed: str) -> None:
    fast = plain(typed, typed)
    assert fast is None or fast == name._understood(typed, typed)


@settings(deadline=None, max_examples=200)
@given(typed=NAMES)
def test_every_character_has_one_syllable_in_each_reading(typed: str) -> None:
    found = readings(simplify(typed), 1)
    assert 1 <= len(found) <= MOST_READINGS
    assert all(len(reading.split(" ")) == len(typed) for reading in found)


@settings(deadline=None, max_examples=200)
@given(typed=st.text(max_size=12))
def test_folding_keeps_positions_and_is_final(typed: str) -> None:
    assert len(fold(typed)) == len(typed)
    assert fold(fold(typed)) == fold(typed)


def test_variants_are_final() -> None:
    assert {v: fold(v) for v in variants()} == variants()
    assert {fold(c) for c in variants().values()} == set(variants().values())


@settings(deadline=None, max_examples=200)
@given(chosen=st.lists(st.sampled_from(sorted(syllables())), min_size=1, max_size=3))
def test_what_is_made_of_syllables_can_be_spelt(chosen: list[str]) -> None:
    spelt = spell("".join(chosen))
    assert spelt is not None
    assert "".join(spelt) == "".join(chosen)


@pytest.mark.parametrize(("typed", "sex"), [("王先生", "M"), ("王女士", "F"), ("王经理", None)])
def test_only_titles_tell_the_sex(typed: str, sex: str | None) -> None:
    assert name.normalise(typed).sex == sex
    assert name.normalise("王建军").sex is None


# what name cells are put together of, and what goes wrong in them
WORDS = st.sampled_from([
    *titles(), *relations(), *single(), *compound(),
    *(row["text"] for row in table("name_placeholders")),
    *(row["spelling"] for row in table("romanised_surnames")),
    "张伟", "李娜", "欧阳娜娜", "王小明", "Zhang", "Ouyang", "Ing-wen", "ÕÅÎ°", "寮犱紵", "锟斤拷",
    "?", " ", "-", "/", "、", "(", ")", "·", ",", "和", "1", "13812345678", "苏E12345", "等3人",
    "有限公司", "Co., Ltd.",
])  # fmt: skip


@settings(deadline=None, max_examples=400)
@given(typed=st.lists(WORDS, min_size=1, max_size=5).map("".join))
def test_what_cells_are_made_of_is_understood_once_and_for_all(typed: str) -> None:
    found = name.normalise(typed)
    assert found.typed == typed
    assert found.kind in ("person", "company", "unknown")
    assert found.pinyins[:1] == ((found.pinyin,) if found.pinyin else ())
    if found.value is not None:
        assert name.normalise(found.value).value == found.value


def test_a_bare_title_is_nobody_and_told() -> None:
    for title, (sex, after) in titles().items():
        if after in ("name", "latin"):
            found = name.normalise(title)
            assert (found.value, found.title, found.sex or "") == (None, title, sex), title


# a syllable or two of every rule, from the table at chinaknowledge.org
WADE_GILES = {
    "pai": "bai", "p'an": "pan", "tung": "dong", "t'ien": "tian", "kuo": "guo", "k'o": "ke",
    "chang": "zhang", "ch'eng": "cheng", "chiang": "jiang", "ch'ing": "qing", "tsai": "zai",
    "ts'ai": "cai", "hsieh": "xie", "hsueh": "xue", "hsiung": "xiong", "jen": "ren", "jung": "rong",
    "yeh": "ye", "yen": "yan", "yueh": "yue", "lo": "luo", "kuei": "gui", "ho": "he", "huo": "huo",
    "shih": "shi", "tzu": "zi", "tz'u": "ci", "ssu": "si", "jih": "ri", "chih": "zhi", "erh": "er",
    "i": "yi", "chu": "zhu", "hsu": "xu", "lai": "lai", "mei": "mei",
}  # fmt: skip


@pytest.mark.parametrize(("wade", "pinyin"), WADE_GILES.items())
def test_wade_giles(wade: str, pinyin: str) -> None:
    assert syllable_sounds(wade)[0] == pinyin
    assert pinyin in syllable_sounds(wade.replace("'", ""))


def test_a_romanised_surname_is_read_as_each_surname_spelled_so() -> None:
    known = single() | compound()
    for row in table("romanised_surnames"):
        assert set(known[row["surname"]]) <= set(surname_sounds(row["spelling"])), row
        found = name.normalise(row["spelling"])
        assert found.reason == "surname_only", row
        assert found.surname == row["spelling"]


@pytest.mark.parametrize("given", "伟芳敏静强军洋杰")  # their UTF-8 can be read as GBK too
@pytest.mark.parametrize("pages", [("gbk", "latin-1"), ("utf-8", "latin-1"), ("utf-8", "gbk")])
def test_a_name_read_in_a_wrong_code_page_comes_back(given: str, pages: tuple[str, str]) -> None:
    found = name.normalise(f"张{given}".encode(pages[0]).decode(pages[1]))
    assert (found.value, found.status, found.reason) == (f"张{given}", "repaired", "mojibake")


@settings(deadline=None, max_examples=300)
@given(typed=st.builds("{}{}".format, st.sampled_from(sorted(single())), st.text(HAN, max_size=3)))
def test_a_name_in_order_is_never_taken_for_garbled(typed: str) -> None:
    assert name.normalise(typed).reason != "mojibake"
