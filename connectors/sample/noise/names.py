"""How a person's name is typed."""

from __future__ import annotations

from functools import cache

from connectors.sample.noise import Channel, Scene, sprinkle
from connectors.sample.noise.sounds import alike, syllable
from connectors.sample.people import Person
from connectors.sample.tables import shape_twins, variants, words

MALE, FEMALE = ("先生", "先生", "先生", "总", "哥", "师傅", "老板", "经理"), (
    "女士", "女士", "女士", "小姐", "姐", "阿姨", "经理", "老师",
)  # fmt: skip


def _at(text: str, index: int, character: str) -> str:
    return text[:index] + character + text[index + 1 :]


def homophone(text: str, scene: Scene) -> str:
    """The input method's other character; one slip in six hits the surname."""
    dice, person = scene.dice, scene.party
    head = len(person.surname) if isinstance(person, Person) else 0
    if "·" in text or len(text) <= head:
        return text
    in_surname = head == 1 and dice.chance(0.17)
    index = 0 if in_surname else head + dice.below(len(text) - head)
    others = alike(text[index], in_surname)
    return _at(text, index, others.throw(dice)) if others else text


def shape(text: str, scene: Scene) -> str:
    """A character that looks alike."""
    twins = shape_twins()
    hits = [i for i, character in enumerate(text) if character in twins]
    if not hits:
        return text
    index = scene.dice.pick(hits)
    return _at(text, index, scene.dice.pick(twins[text[index]]))


def variant(text: str, scene: Scene) -> str:
    """Another accepted form: 峰 and 峯, 肖 and 萧."""
    known = variants()
    hits = [i for i, character in enumerate(text) if character in known]
    return _at(text, i := scene.dice.pick(hits), known[text[i]]) if hits else text


def traditional(text: str, scene: Scene) -> str:
    """The whole name in traditional characters."""
    return to_traditional(text)


@cache
def to_traditional(text: str) -> str:
    """Simplified to traditional."""
    return str(_converter().convert(text))


@cache
def _converter():  # type: ignore[no-untyped-def]
    from opencc import OpenCC

    return OpenCC("s2t")


def dropped(text: str, scene: Scene) -> str:
    """One character of a longer given name forgotten."""
    if not 3 <= len(text) <= 4 or "·" in text:
        return text
    return _at(text, 1 + scene.dice.below(len(text) - 1), "")


def extra(text: str, scene: Scene) -> str:
    """A character typed twice."""
    index = scene.dice.below(len(text))
    return text[:index] + text[index] + text[index:]


def swapped(text: str, scene: Scene) -> str:
    """The two characters of the given name the wrong way round."""
    return text[0] + text[2] + text[1] if len(text) == 3 and "·" not in text else text


def note(text: str, scene: Scene) -> str:
    """A remark in brackets or behind a dash."""
    remark = scene.dice.pick(words("note"))
    return text + scene.dice.pick(("({})", "（{}）", "-{}", "【{}】", " {}")).format(remark)


def _title(scene: Scene) -> str:
    female = isinstance(scene.party, Person) and scene.party.sex == "F"
    return scene.dice.pick(FEMALE if female else MALE)


def titled(text: str, scene: Scene) -> str:
    """The full name with a title."""
    return text + _title(scene)


def title_only(text: str, scene: Scene) -> str:
    """Surname and title: 刘先生."""
    surname = scene.party.surname if isinstance(scene.party, Person) else ""
    return surname + _title(scene) if surname else text


def nickname(text: str, scene: Scene) -> str:
    """小张, 老李, or 阿强."""
    person = scene.party
    if not isinstance(person, Person) or len(person.surname) != 1:
        return text
    if scene.dice.chance(0.15):
        return "阿" + text[-1]
    young = person.born.year > 1980
    return ("小" if young and scene.dice.chance(0.8) else "老") + person.surname


def phone_inside(text: str, scene: Scene) -> str:
    """The number behind the name."""
    return text + scene.dice.pick(("", " ", "/")) + scene.phone if scene.phone else text


def plate_inside(text: str, scene: Scene) -> str:
    """The plate behind the name: 李总粤B12345."""
    return text + scene.plate if scene.plate else text


def two_people(text: str, scene: Scene) -> str:
    """Somebody else in the same cell."""
    if not scene.other or scene.other == text:
        return text
    return text + scene.dice.pick(("/", "、", ",", " ", "，")) + scene.other


def pinyin(text: str, scene: Scene) -> str:
    """The romanised name: papers' spelling for some, pinyin for others."""
    person = scene.party
    if not isinstance(person, Person) or "·" in text:
        return text
    if person.latin:
        return person.latin
    head = max(len(person.surname), 1)
    first = "".join(syllable(c, True) for c in text[:head])
    last = "".join(syllable(c) for c in text[head:])
    if scene.dice.chance(0.3):
        return f"{first} {last}".upper()
    return f"{first.capitalize()} {last.capitalize()}"


def own_spelling(text: str, scene: Scene) -> str:
    """Somebody from Hong Kong by his papers, somebody with a middle dot in another form of it."""
    if isinstance(scene.party, Person) and scene.party.latin:
        return to_traditional(text) if scene.dice.chance(0.4) else scene.party.latin
    if "·" in text:
        if scene.dice.chance(0.3):
            return text.split("·")[0]
        return text.replace("·", scene.dice.pick(("•", "・", ".", "‧", "", "．", " ")))
    return text


def lost_character(text: str, scene: Scene) -> str:
    """A character that the system cannot write, as it comes out; only rare ones are lost."""
    hits = [i for i, character in enumerate(text) if _rare(character)]
    if not hits:
        return text
    index = scene.dice.pick(hits)
    return _at(text, index, scene.dice.pick(("?", "□", "*", "〓", syllable(text[index]))))


def _rare(character: str) -> bool:
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return character != "·"
    return False


def placeholder(text: str, scene: Scene) -> str:
    """Something typed to satisfy the form."""
    return scene.dice.pick(words("placeholder_name"))


def spaced(gap: str) -> Channel:
    """A channel that puts `gap` into the name."""
    kind = {" ": "space", "\u3000": "wide_space", "\u200b": "zero_width"}[gap]
    rate = {" ": 0.008, "\u3000": 0.003, "\u200b": 0.001}[gap]
    return Channel(kind, rate, lambda text, scene: sprinkle(text, scene, gap))


SLIPS = (
    Channel("homophone", 0.018, homophone),
    Channel("shape", 0.004, shape),
    Channel("variant", 0.012, variant),
    Channel("traditional", 0.003, traditional),
    Channel("dropped_character", 0.0015, dropped),
    Channel("extra_character", 0.001, extra),
    Channel("swapped_characters", 0.0007, swapped),
    Channel("title_only", 0.015, title_only),
    Channel("nickname", 0.003, nickname),
    Channel("placeholder", 0.004, placeholder),
    Channel("pinyin", 0.001, pinyin),
)
STYLES = (
    spaced(" "),
    spaced("\u3000"),
    spaced("\u200b"),
    Channel("note", 0.010, note),
    Channel("titled", 0.007, titled),
    Channel("phone_inside", 0.0015, phone_inside),
    Channel("plate_inside", 0.0008, plate_inside),
    Channel("two_people", 0.0025, two_people),
    Channel("numbered", 0.001, lambda text, scene: text + scene.dice.pick("123")),
    Channel("line_break", 0.0005, lambda text, scene: text + "\n" + scene.dice.pick(words("note"))),
)
# Tried on every name, whatever the outlet's care: it is the person who is unusual, or the system.
ALWAYS = (
    Channel("own_spelling", 0.45, own_spelling),
    Channel("lost_character", 0.3, lost_character),
)
