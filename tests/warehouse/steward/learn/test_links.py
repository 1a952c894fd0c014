"""Links that the merge made by itself are drawn by lot, and looked at like any case."""

from __future__ import annotations

from collections import Counter

import duckdb

from tests.e2e.homes import ask
from tests.warehouse.steward.conftest import Console, Person
from tests.warehouse.steward.test_review import send
from warehouse.steward.access.scope import Scope
from warehouse.steward.learn.sample import BOUNDS, Link, Sample, band, strata


def test_the_lot_takes_as_many_of_each_band_and_never_chooses(
    con: duckdb.DuckDBPyConnection,
) -> None:
    few, many = Sample(3).drawn(con), Sample(8).drawn(con)
    weights = [
        weight for (weight,) in con.execute("SELECT match_weight FROM customer_link").fetchall()
    ]
    sizes = Counter(sum(weight >= bound for bound in BOUNDS) for weight in weights)
    assert len(sizes) == len(BOUNDS) + 1
    assert Counter(link.stratum for link in many) == {
        place: min(8, size) for place, size in sizes.items()
    }
    assert {link.stratum: link.size for link in many} == sizes
    # a larger lot holds the smaller one, and the order has nothing of the weights
    assert {link.link_id for link in few} < {link.link_id for link in many}
    drawn = [link.match_weight for link in many]
    assert drawn != sorted(drawn)
    for link in many:
        least, most = band(link.stratum, 4.0)
        assert least <= link.match_weight
        assert most is None or link.match_weight < most


def next_link(person: Person) -> str:
    return person.get("/review/links/next").headers["location"].split("?")[0]


def link_of(console: Console, path: str) -> Link:
    with console.services.published.reading() as con:
        drawn = console.services.sample.drawn(con)
    return next(link for link in drawn if link.link_id == path.rsplit("/", 1)[1])


def test_a_link_is_shown_without_its_weight_and_answered_by_a_decision(console: Console) -> None:
    steward = console.sign_in("steward")
    path = next_link(steward)
    link = link_of(console, path)
    page = steward.get(path).text
    assert "今晚会把它们拆开" in page
    assert f"{link.match_weight:.1f}" not in page
    assert link.record_a in page
    assert link.record_b in page
    assert send(steward, path, verdict="different", why="父子").startswith("/review/links/next")
    entry = console.services.office.log.entries()[-1]
    assert set(entry.decision.named) == {link.record_a, link.record_b}
    assert (entry.decision.word, entry.decision.why) == ("different", "父子")
    assert steward.post(path, verdict="same").status_code == 409
    (judged,) = console.services.judgements.all()
    assert (judged.source, judged.key, judged.number) == ("audit", link.link_id, entry.number)
    found = strata([link], [judged])
    assert (found[link.stratum].looked, found[link.stratum].right) == (1, 0)
    assert next_link(steward) != path
    lead = console.sign_in("lead")
    assert "steward 已经看过这一条" in lead.get(path).text
    back = send(steward, "/review/undo", number=entry.number, then=link.key)
    assert back == f"{path}?said=undone"
    assert 'name="verdict"' in steward.get(path).text


def test_two_stewards_get_different_links_and_whoever_skips_gets_another(console: Console) -> None:
    steward, lead = console.sign_in("steward"), console.sign_in("lead")
    first, second = next_link(steward), next_link(lead)
    assert first != second
    assert lead.post(first, verdict="same").status_code == 409
    assert send(lead, second, verdict="skip") == "/review/links/next?said=skipped"
    assert next_link(lead) != second
    assert lead.post(next_link(lead), verdict="perhaps").status_code == 400


def test_links_of_key_accounts_and_of_other_outlets_are_not_there(console: Console) -> None:
    with console.services.published.reading() as con:
        drawn = console.services.sample.drawn(con)
    steward = console.sign_in("steward")
    accounts = [link for link in drawn if link.is_key_account]
    assert accounts
    for link in accounts[:2]:
        assert steward.get(f"/review/links/{link.link_id}").status_code == 404
        assert console.sign_in("lead").get(f"/review/links/{link.link_id}").status_code == 200
    (outlet,) = ask(
        console.services.site.home,
        "SELECT outlet_code FROM customer_xref WHERE outlet_code <> '' ORDER BY 1 LIMIT 1",
    )[0]
    local = console.employ("local-audit", "lead", Scope.of([outlet]))
    foreign = next(link for link in drawn if outlet not in link.outlets)
    for method in ("GET", "POST"):
        token = {"x-csrf-token": local.csrf()}
        answer = local.client.request(method, f"/review/links/{foreign.link_id}", headers=token)
        assert answer.status_code == 404
