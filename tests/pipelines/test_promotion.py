"""Another model or other rules: what they would change, putting them in force, and going back."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
import yaml
from filelock import FileLock
from typer.testing import CliRunner, Result

from connectors.errors import SettingError
from matching.golden import SURVIVORSHIP
from matching.model import CUSTOMERS, load
from pipelines import promotion, upkeep
from pipelines.cli import app
from pipelines.deciding import desk
from pipelines.explanation import model_card
from pipelines.occupancy import HomeBusy
from pipelines.promotion import Diff, Offer
from pipelines.settings import FILE, read_settings
from pipelines.survivorship import SHIPPED
from tests.e2e.homes import ask, ask_store, copy, customers, digests
from tests.pipelines.steps import one_night
from tests.pipelines.test_cli import Guiyi, guiyi
from tests.pipelines.test_upkeep import content
from warehouse import manifest
from warehouse.database import connect, transaction
from warehouse.held import PromotionHeld
from warehouse.store import FILE as STORE

__all__ = ["guiyi"]  # a fixture
EDGES = "FROM edge ORDER BY ALL"
LINKS = "SELECT count(*) FROM edge WHERE band = 'link'"


@pytest.fixture
def home(published: Path, tmp_path: Path) -> Path:
    (tmp_path / "landing").symlink_to(published.parent / "landing")
    home = copy(published, tmp_path / "home")
    (home / FILE).write_text("landing: ../landing\n")
    return home


def model(folder: Path, link: float, name: str = "other.yml") -> Path:
    """A file of the shipped model with another threshold."""
    content = yaml.safe_load(CUSTOMERS.read_text(encoding="utf-8"))
    del content["costs"]
    content["thresholds"] = {"link": link, "review": link - 1}
    file = folder / name
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return file


@pytest.fixture
def strict(tmp_path: Path) -> Path:
    """A model that links so much less that customers of the small home are split."""
    return model(tmp_path, 14)


@pytest.fixture(scope="module")
def kept(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which that model was promoted, from a file that was changed since."""
    folder = tmp_path_factory.mktemp("promoted")
    home, file = copy(published, folder / "home"), model(folder, 14)
    (home / FILE).write_text("landing: ../landing\n")
    promote(home, model=file)
    file.write_text("nonsense: true\n")
    return home


@pytest.fixture
def promoted(kept: Path, published: Path, tmp_path: Path) -> Path:
    """Such a home, to be written in."""
    folder = tmp_path / "promoted"
    folder.mkdir()
    (folder / "landing").symlink_to(published.parent / "landing")
    return copy(kept, folder / "home")


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """Rules by which nothing but the length of a name and a phone counts."""
    content = yaml.safe_load(SURVIVORSHIP.read_text(encoding="utf-8"))
    content["attributes"] |= {"name": ["completeness"], "address": ["completeness"]}
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    return file


def promote(home: Path, *, unguarded: bool = False, **offer: object) -> Diff:
    _, found = promotion.promote(home, of(**offer), lambda diff: None, unguarded)
    assert found
    return found


def of(**offer: object) -> Offer:
    return Offer(**{name: str(file) for name, file in offer.items()})  # type: ignore[arg-type]


def night(home: Path) -> int:
    """Run a night; the number of the last run then."""
    one_night(home, home.parent / "landing")
    return last(home)


def last(home: Path) -> int:
    return int(ask(home, "SELECT max(run_id) FROM run")[0][0])


def call(home: Path, *arguments: object, answer: str = "") -> Result:
    options = [*map(str, arguments), "--home", str(home)]
    return CliRunner().invoke(app, ["model", *options], input=answer, env={"COLUMNS": "200"})


def test_a_diff_leaves_the_home_as_it_is(home: Path, strict: Path) -> None:
    def files() -> dict[str, bytes]:
        return {str(p): p.read_bytes() for p in home.rglob("*")
                if p.is_file() and p.name != "run.lock"}  # fmt: skip

    before = files()
    found = promotion.diff(home, of(model=strict))
    assert found.partition["split"]["records"]
    assert files() == before
    assert promotion.diff(home, of(model=strict)) == found
    assert night(home) == 1


@pytest.mark.parametrize("kind", ["split", "merged"])
def test_a_promotion_does_what_the_diff_told(home: Path, strict: Path, kind: str) -> None:
    other = str(strict)
    if kind == "merged":
        (home / FILE).write_text(f"landing: ../landing\nmodel: {strict}\n")
        assert night(home) == 2
        other = "customers"
    before, links = customers(home), ask_store(home, LINKS)
    reviews, run = Counter(ask(home, "SELECT reason FROM review_pair")), last(home) + 1
    told = promotion.diff(home, of(model=other))
    assert told.partition[kind]["records"]
    assert promote(home, model=other) == told
    after = customers(home)
    assert ask(home, "SELECT run_id, cause FROM run ORDER BY run_id")[-1] == (run, "promote")
    # the partition, counted anew
    same = before.keys() & after.keys()
    assert 0 < len(same) < len(before)
    assert told.partition["unchanged"]["before"] == len(same)
    changed = [told.partition[kind] for kind in ("merged", "split", "rearranged")]
    assert sum(one["before"] for one in changed) == len(before) - len(same)
    assert sum(one["after"] for one in changed) == len(after) - len(same)
    # golden ids: who is the same keeps his, and the feed tells of the others alone
    assert all(before[records] == after[records] for records in same)
    events = ask(home, f"SELECT kind, golden_id, cause FROM golden_id_event WHERE run_id = {run}")
    assert Counter(what for what, *_ in events) == {k: n for k, n in told.golden_ids.items() if n}
    assert {cause for *_, cause in events} == {"model_change"}
    assert not {golden_id for _, golden_id, _ in events} & {after[records] for records in same}
    # the bands
    moved = {(one["before"], one["after"]): one["pairs"] for one in told.bands}
    assert sum(n for (b, _), n in moved.items() if b == "link") == links[0][0]
    links = ask_store(home, LINKS)
    assert sum(n for (_, a), n in moved.items() if a == "link") == links[0][0]
    waiting = Counter(ask(home, "SELECT reason FROM review_pair"))
    assert {(one["reason"],): one["before"] for one in told.reviews if one["before"]} == reviews
    assert {(one["reason"],): one["after"] for one in told.reviews if one["after"]} == waiting


def test_examples_are_of_customers_that_change(home: Path, strict: Path, kept: Path) -> None:
    before, after = customers(home), customers(kept)
    told = promotion.diff(home, Offer(str(strict), most=2))
    assert [group["kind"] for group in told.customers] == ["split", "split"]
    for group in told.customers:
        for flow in group["flows"]:
            (was,) = [records for records, gid in before.items() if gid == flow["before"]]
            (is_,) = [records for records, gid in after.items() if gid == flow["after"]]
            assert flow["records"] == len(was & is_)
            assert set(flow["keys"]) <= was & is_


def test_the_home_keeps_a_copy_so_that_the_file_may_change(promoted: Path, strict: Path) -> None:
    home = promoted
    assert night(home) == 2
    assert model_card(home).digest == load(strict).digest
    moved = copy(home, home.parent / "elsewhere")
    assert night(moved) == 2


def test_a_promoted_model_goes_on_through_nights_and_rebuilds(
    promoted: Path, published: Path
) -> None:
    home = promoted
    assert upkeep.rebuild(home)["partition"]["split"]["records"] == 0
    one_night(home, published.with_name("landing2"))
    assert last(home) == 4
    assert ask(home, "SELECT count(DISTINCT model_digest) FROM run WHERE run_id > 1") == [(1,)]


def test_whoever_names_another_file_later_has_the_later_word(promoted: Path) -> None:
    home = promoted
    looser = model(home.parent, 13, "looser.yml")
    (home / FILE).write_text(f"landing: ../landing\nmodel: {looser}\n")
    assert night(home) == 3
    assert ask(home, "SELECT DISTINCT cause FROM golden_id_event WHERE run_id = 3") in (
        [], [("model_change",)]
    )  # fmt: skip
    assert manifest.read(home, 3)["model"] == {
        "name": load(looser).name, "digest": load(looser).digest, "named": str(looser),
        "promoted": False, "file": manifest.read(home, 3)["model"]["file"],
    }  # fmt: skip


@pytest.mark.parametrize("named", [False, True])
def test_a_rollback_brings_the_former_model_back(home: Path, strict: Path, named: bool) -> None:
    if named:  # of which the home has only a copy by then
        own = model(home.parent, 5, "own.yml")
        (home / FILE).write_text(f"landing: ../landing\nmodel: {own}\n")
        assert night(home) == 2
    to = last(home)
    before = copy(home, home.parent / "before")
    promote(home, model=strict)
    assert content(home) != content(before)
    if named:
        model(home.parent, 9, "own.yml")
    done = upkeep.roll_back(home, to)
    assert done["former_model"]
    assert content(home) == content(before)
    assert customers(home) == customers(before)
    assert ask_store(home, EDGES) == ask_store(before, EDGES)
    assert manifest.read(home, to + 2)["model"]["promoted"] is named
    former = model_card(before).digest if not named else manifest.read(home, to)["model"]["digest"]
    assert model_card(home).digest == former
    assert night(home) == to + 2, "the next night promotes it again"
    assert content(home) == content(before)


def test_a_rollback_does_without_a_copy_where_the_file_is_as_it_was(
    home: Path, strict: Path
) -> None:
    """As of a run of before there were copies."""
    forget = 'json_merge_patch(content, \'{"model": {"file": null}, "rules": {"file": null}}\')'
    with connect(home / STORE) as con, transaction(con):
        con.execute(f"UPDATE manifest SET content = {forget}")
    before = content(home)
    promote(home, model=strict)
    upkeep.roll_back(home, 1)
    assert content(home) == before
    promote(home, model=strict)
    (home / FILE).write_text(f"landing: ../landing\nmodel: {model(home.parent, 5, 'third.yml')}\n")
    with pytest.raises(
        SettingError, match="are not those of run 1, of which this home has no copy"
    ):
        upkeep.roll_back(home, 1)


def test_a_rollback_can_keep_what_was_promoted(promoted: Path) -> None:
    home = promoted
    expected = customers(home).keys()
    assert not upkeep.roll_back(home, 1, present_model=True)["former_model"]
    assert customers(home).keys() == expected
    assert night(home) == 3


def test_new_rules_change_golden_values_alone(home: Path, rules: Path) -> None:
    values = "SELECT golden_id, attribute, value FROM pii.attribute_lineage WHERE chosen"
    before = {(gid, what): value for gid, what, value in ask(home, values)}
    told = promote(home, rules=rules)
    after = {(gid, what): value for gid, what, value in ask(home, values)}
    assert sum(told.golden_ids.values()) == 0
    assert told.partition["unchanged"]["after"] == len(customers(home))
    changed = Counter(what for (gid, what), value in before.items() if after[gid, what] != value)
    assert changed
    assert {one["attribute"]: one["changed"] for one in told.values} == changed
    assert night(home) == 2
    promote(home, rules=SHIPPED)
    assert ask(home, f"{values} ORDER BY ALL") == sorted(
        (gid, what, value) for (gid, what), value in before.items()
    )


def test_decisions_made_since_are_told_to_be_in_it(home: Path, strict: Path) -> None:
    first, second = sorted(customers(home).values())[:2]
    desk(home, "me", "one man").merge([first, second])
    told = promotion.diff(home, of(model=strict))
    assert told.besides == ["decisions"]
    assert told.golden_ids["merged"] == 1


def test_a_promotion_out_of_proportion_is_held_unless_told(home: Path, strict: Path) -> None:
    (home / FILE).write_text("landing: ../landing\nguards: {least: 0, shrinkage: 0.01}\n")
    before = digests(home)
    with pytest.raises(PromotionHeld, match="the table edge went from"):
        promote(home, model=strict)
    assert (last(home), digests(home), night(home)) == (1, before, 1)
    reasons = promote(home, model=strict, unguarded=True).held_because
    ((counts,),) = ask(home, "SELECT counts FROM run WHERE run_id = 2")
    assert json.loads(counts)["promotion"]["passed"] == reasons != []


def test_what_cannot_be_promoted_is_told(guiyi: Guiyi, home: Path, strict: Path) -> None:
    wrong = home.parent / "wrong.yml"
    wrong.write_text("colour: red\n")
    for arguments, says in (
        (("diff", wrong), f"{wrong}: name: is required"),
        (("promote", "--survivorship", wrong, "--yes"), "colour: unknown key"),
        (("diff", "no.yml"), "no.yml: no such file"),
        (("promote", "customers", "--yes"), "run 1 went by this model and these rules already"),
        (("diff", "people"), "do not fit the model people"),
        (("diff",), "name a new model"),
        (("promote", strict, "--json"), "--json cannot ask"),
        (("promote", strict, "--expect", "00000000"), "look at it again"),
        (("promote", strict, "--expect", ""), "give 8 digits"),
    ):
        code, _, sentence = guiyi("model", *arguments, "--home", home)
        assert (code, len(sentence.strip().splitlines())) == (2, 1), sentence
        assert says in sentence
    code, _, sentence = guiyi("model", "--home", home, "diff", strict)
    assert "are given after its name" in sentence
    code, _, sentence = guiyi("model", "diff", strict, "--home", home.parent / "none")
    assert "nothing has run here yet" in sentence
    assert night(home) == 1


def test_a_home_where_a_run_is_at_work_is_left_alone(home: Path, strict: Path) -> None:
    with FileLock(home / "run.lock"):
        with pytest.raises(HomeBusy):
            promote(home, model=strict)
        with pytest.raises(HomeBusy):
            promotion.diff(home, of(model=strict))
    assert last(home) == 1


def test_a_copy_that_is_damaged_is_told(promoted: Path, strict: Path) -> None:
    home = promoted
    copied = home / manifest.read(home, 2)["model"]["file"]
    copied.write_text(copied.read_text() + "# more\n")
    with pytest.raises(SettingError, match=f"{copied.name}: this copy .* was changed"):
        night(home)
    (home / FILE).write_text(f"landing: ../landing\nmodel: {strict}\n")
    assert night(home) == 2


def test_the_command_shows_the_diff_and_asks(home: Path, strict: Path) -> None:
    shown = call(home, "promote", strict, answer="n\n")
    assert shown.exit_code == 1
    assert "split, for example" in shown.output
    assert "Put it in force?" in shown.output
    assert night(home) == 1
    told = json.loads(call(home, "diff", strict, "--json").stdout)
    done = call(home, "promote", strict, "--expect", told["digest"][:12], "--json")
    assert json.loads(done.stdout) == {"run": 2, "diff": told}
    assert model_card(home).digest == told["after"]["model"]["digest"]


def test_the_commands_lead_there_and_back(home: Path, strict: Path) -> None:
    before = content(home)
    done = call(home, "promote", strict, answer="y\n")
    assert done.exit_code == 0, done.output
    assert "Run 2 has put it in force. `guiyi rollback 1` takes it back." in done.output
    assert "promoted" in CliRunner().invoke(app, ["manifest", "--home", str(home)]).output
    back = CliRunner().invoke(app, ["rollback", "1", "--home", str(home)])
    assert "The model and the rules of run 1 are in force again." in back.output
    assert content(home) == before


@pytest.mark.parametrize("by", ["promotion", "night"])
def test_a_promotion_that_died_before_it_was_published_is_in_force(
    home: Path, strict: Path, kept: Path, by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(night: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("pipelines.night.publish_night", dies)
        with pytest.raises(KeyboardInterrupt):
            promote(home, model=strict)
    assert last(home) == 1
    if by == "night":
        assert night(home) == 2
    else:
        assert promotion.promote(home, of(model=strict), lambda diff: None) == (2, None)
    assert digests(home) == digests(kept)
    assert night(home) == 2


def test_names_are_shown_only_when_asked_for(home: Path, strict: Path) -> None:
    page = home.parent / "diff.html"
    names = {
        name for (name,) in ask(home, "SELECT name FROM pii.dim_customer WHERE name IS NOT NULL")
    }
    for more, expected in ((), False), (("--values",), True):
        for text in (
            call(home, "diff", strict, *more).output,
            call(home, "diff", strict, "--json", "--html", page, *more).stdout,
            page.read_text(encoding="utf-8"),
        ):
            assert any(name in text for name in names) is expected


def test_a_page_stands_alone(home: Path, strict: Path, rules: Path) -> None:
    page, changes = home.parent / "diff.html", home.parent / "changes.csv"
    done = call(home, "diff", strict, "--survivorship", rules, "--html", page, "--changes", changes)
    assert done.exit_code == 0, done.output
    text = page.read_text(encoding="utf-8")
    assert "http" not in text
    assert "<script" not in text
    assert "拆分" in text
    assert changes.read_text().splitlines()[1].startswith("split,")


def test_showing_the_model_is_what_it_was(home: Path) -> None:
    shown = call(home)
    assert "chinese_car_customers, version" in shown.output
    card = json.loads(call(home, "--json").stdout)
    assert card["digest"] == load(CUSTOMERS).digest
    assert (home / STORE).exists()
    assert read_settings(home).model == CUSTOMERS
