"""Both languages say everything, and nothing that no page asks for."""

from __future__ import annotations

import re
from pathlib import Path

from warehouse.steward.access.permissions import ROLES
from warehouse.steward.accounts.problems import AccountProblem
from warehouse.steward.errors import STATUS
from warehouse.steward.navigation import ENTRIES
from warehouse.steward.rendering import FOLDER
from warehouse.steward.wording import LANGUAGES, phrases, say

_KEY = re.compile(r"""["']([a-z_]+(?:\.[a-z_0-9]+)+)["']""")
_BEGUN = re.compile(r"""["']([a-z_]+\.)["'] *[+~]|f["']([a-z_]+\.){""")
#: Parts of phrases that are filled in: the same in both languages.
_FILLED = re.compile(r"{(\w*)}")


def sources() -> str:
    files = [*FOLDER.rglob("*.html"), *FOLDER.rglob("*.py")]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


def test_every_phrase_is_there_in_both_languages_with_the_same_parts() -> None:
    for key, phrase in phrases().items():
        assert phrase.zh.strip(), key
        assert phrase.en.strip(), key
        assert set(_FILLED.findall(phrase.zh)) == set(_FILLED.findall(phrase.en)), key


def test_no_template_uses_another_phrase() -> None:
    for file in sorted(FOLDER.rglob("*.html")):
        text = file.read_text(encoding="utf-8")
        for key in re.findall(r"""\bt\(["']([\w.]+)["'][,)]""", text):
            assert key in phrases(), f"{file.name}: {key}"
        for begin in re.findall(r"""\bt\(["']([\w.]+)["'] *[+~]""", text):
            assert any(key.startswith(begin) for key in phrases()), f"{file.name}: {begin}"


def test_no_phrase_is_left_over() -> None:
    text = sources()
    used = set(_KEY.findall(text))
    begun = tuple(part for found in _BEGUN.findall(text) for part in found if part)
    assert not [key for key in phrases() if key not in used and not key.startswith(begun)]


def test_every_code_that_a_page_tells_has_its_phrase() -> None:
    wanted = [f"role.{role}" for role in ROLES]
    wanted += [entry.words for entry in ENTRIES]
    wanted += [f"problem.{kind.code}" for kind in AccountProblem.__subclasses__()]
    wanted += [f"error.{code}" for code in STATUS]
    assert [key for key in wanted if key not in phrases()] == []


def test_no_two_files_have_the_same_key() -> None:
    keys = [
        line.split(":", 1)[0]
        for file in sorted((Path(FOLDER) / "wording").glob("*.yml"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert len(keys) == len(set(keys))


def test_a_phrase_is_filled_in() -> None:
    told = {language: say(language, "home.title", name="王") for language in LANGUAGES}
    assert all("王" in text for text in told.values())
    assert len(set(told.values())) == len(LANGUAGES)
