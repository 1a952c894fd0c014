"""The page Learn: agreement, how right links are, thresholds; and the labels as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import duckdb
import numpy as np
import pytest

from matching import model
from matching.evaluate.calibration import FEWEST, Labels
from matching.evaluate.share import Stratum
from matching.model import Thresholds
from tests.warehouse.steward.conftest import Console
from warehouse.database import connect
from warehouse.desk import Desk
from warehouse.publish import LINK
from warehouse.steward.access.scope import Scope
from warehouse.steward.learn.effect import Pairs
from warehouse.steward.learn.overview import LEAST, advice, describe, precision

TODAY = Thresholds(link=4, review=3)


@pytest.fixture(scope="module")
def con(world: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with connect((world / LINK).resolve(), read_only=True) as found:
        yield found


def test_what_joins_customers_are_as_many_links_as_it_takes(con: duckdb.DuckDBPyConnection) -> None:
    """A customer of n linked records is held together by n - 1 links."""
    ((linked, customers),) = con.execute("""
        SELECT count(DISTINCT record), count(DISTINCT golden_id)
        FROM (SELECT golden_id, unnest([record_a, record_b]) AS record FROM customer_link)
    """).fetchall()
    ((grey,),) = con.execute(
        "SELECT count(*) FROM review_pair WHERE reason = 'grey_zone'"
    ).fetchall()
    found = Pairs.read(con)
    today = found.effect(TODAY)
    assert (today.joined, today.asked) == (linked - customers, grey)
    assert today.new == today.asked  # there was one run
    # whatever a higher threshold does not join, a lower one asks about
    more = found.effect(Thresholds(link=9, review=3))
    assert more.joined + more.asked == today.joined + today.asked
    assert more.asked > today.asked


def test_the_strongest_links_hold_a_customer_together() -> None:
    with duckdb.connect() as con:
        con.execute("""
            CREATE TABLE customer_link (record_a TEXT, record_b TEXT, match_weight DOUBLE);
            INSERT INTO customer_link VALUES ('a', 'b', 5), ('b', 'c', 9), ('a', 'c', 7);
            CREATE TABLE review_pair AS FROM customer_link LIMIT 0;
            ALTER TABLE review_pair ADD COLUMN reason TEXT;
            INSERT INTO review_pair VALUES ('d', 'a', 3.5, 'grey_zone'), ('d', 'b', 8, 'bridge');
            CREATE TABLE run AS SELECT 2 AS run_id;
            CREATE TABLE customer_xref (record_key TEXT, since_run INTEGER);
            INSERT INTO customer_xref VALUES ('a', 1), ('b', 1), ('c', 1), ('d', 2);
        """)
        found = Pairs.read(con)
    assert sorted(found.bits) == [3.5, 7, 9]
    effect = found.effect(Thresholds(link=8, review=3))
    assert (effect.joined, effect.asked, effect.new) == (1, 2, 1)


def test_thresholds_are_told_once_there_are_labels_enough() -> None:
    pairs = Pairs(np.array([3.5, 6.0, 8.0, 12.0]), np.zeros(4, dtype=bool), 1)
    few = Labels(np.ones(5), np.ones(5), np.ones(5))
    assert (advice(TODAY, few, pairs).lacking, advice(TODAY, few, pairs).found) == (FEWEST - 5, {})
    bits = np.linspace(3, 15, 600)
    same = (np.random.default_rng(1).random(600) < 1 / (1 + 2.0 ** (3 - bits))).astype(np.float64)
    found = advice(TODAY, Labels(bits, same, np.ones(600)), pairs)
    assert found.differs  # the weights promise three bits too many
    assert found.then is not None
    assert found.found["link"].share.value == pytest.approx(7, abs=1.5)
    assert found.then.joined < found.today.joined
    shares = [point.share for point in found.points]
    assert shares == sorted(shares)
    assert all(point.precision >= point.share for point in found.points[:8])


def test_the_whole_is_estimated_once_every_band_was_looked_at() -> None:
    seen = Stratum(100, LEAST, LEAST)
    some = precision(
        [seen, Stratum(900, LEAST - 3, 0), Stratum(0, 0, 0), Stratum(4, 4, 4), seen], 4.0
    )
    assert (some.lacking, some.share) == (3, None)
    assert [(band.least, band.most) for band in some.bands][-1] == (20.0, None)
    whole = precision([seen] * 5, 4.0)
    assert whole.share is not None
    assert whole.share.low < whole.share.value == 1


def test_a_pattern_is_told_in_words() -> None:
    told = describe(model.load(), '{"name": "same", "phone": "same", "sex": null}')
    assert told.en == "name is the same, phone is held in common"
    assert describe(model.load(), "").zh == ""


def test_the_page_tells_what_is_lacking_and_names_nobody(console: Console) -> None:
    page = console.sign_in("lead").get("/learn").text
    assert "还没有两个人都看过的疑点" in page
    assert f"还差 {FEWEST} 个" in page
    assert "guiyi model promote" in page
    for login in ("steward", "viewer"):
        assert console.sign_in(login).get("/learn").status_code == 403


def test_labels_are_downloaded_as_evaluate_takes_them(console: Console) -> None:
    with console.services.published.reading() as con:
        cases = console.services.queue.waiting(con, None)
    desk = Desk(console.services.office, "steward", "")
    for case, verdict in zip(cases[:4], ("same", "different", "unsure", "same"), strict=True):
        number = desk.pair(case.record_a, case.record_b, verdict).number
    desk.undo(number)
    lead = console.sign_in("lead")
    answer = lead.get("/learn/labels.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [set(row) for row in rows] == [{"left", "right", "verdict"}] * 2
    assert {frozenset((row["left"], row["right"])): row["verdict"] for row in rows} == {
        frozenset((case.record_a, case.record_b)): verdict
        for case, verdict in zip(cases[:2], ("same", "different"), strict=True)
    }
    assert console.sign_in("steward").get("/learn/labels.csv").status_code == 403
    with console.services.database.open() as db:
        (row,) = db.exec_driver_sql(
            "SELECT who, detail FROM audit WHERE what = 'learn.export'"
        ).all()
    assert tuple(row) == ("lead", "2 labels")
    # of somebody who sees one outlet it has the pairs of its customers alone
    foreign = console.employ("abroad", "lead", Scope.of(["NOWHERE"]))
    assert foreign.get("/learn/labels.csv").text == "left,right,verdict\n"
