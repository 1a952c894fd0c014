"""The queue as a whole: like cases at once, programs, filters, contradictions, pages."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest

from tests.warehouse.steward.conftest import Console
from tests.warehouse.steward.test_review import decisions, send
from warehouse.steward.cases import bulk
from warehouse.steward.cases.queue import Queue
from warehouse.steward.pages import queue


def test_like_cases_are_decided_at_once_after_a_sample_was_seen(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "LEAST", 1)
    lead = console.sign_in("lead")
    found = re.findall("/review/bulk/([0-9a-f]{32})", lead.get("/review/bulk").text)
    path = f"/review/bulk/{found[0]}"
    page = lead.get(path).text
    seen = re.findall('name="seen" value="([^"]+)"', page)
    before = len(decisions(console))
    assert lead.post(path, verdict="same", seen=seen[1:]).status_code == 400
    assert lead.post(path, verdict="unsure", seen=seen).status_code == 400
    assert len(decisions(console)) == before
    form = {"verdict": "different", "seen": seen, "once": "a form", "why": "都看过"}
    assert send(lead, path, **form) == "/review/bulk?said=bulk_decided"
    made = console.services.office.log.entries()[before:]
    assert {entry.decision.word for entry in made} == {"different"}
    assert lead.get(path).status_code == 404
    # sent twice, as by the back button
    assert send(lead, path, **form) == "/review/bulk?said=bulk_decided"
    assert len(decisions(console)) == before + len(made)
    (undo,) = re.findall("/review/bulk/sets/set[0-9a-f]{16}/undo", lead.get("/review/bulk").text)
    for _ in range(2):
        assert send(lead, undo) == "/review/bulk?said=set_undone"
    assert decisions(console)[before + len(made) :] == ["undo"] * len(made)
    assert lead.get(path).status_code == 200
    assert "整批撤销" not in lead.get("/review/bulk").text
    assert lead.post("/review/bulk/sets/set0123456789abcdef/undo").status_code == 404
    assert console.sign_in("steward").get("/review/bulk").status_code == 403


def test_key_accounts_are_never_decided_in_bulk(console: Console) -> None:
    with console.services.published.reading() as con:
        cases = Queue().waiting(con, None)
    like = [replace(case, pattern="p") for case in cases]
    (likes,) = bulk.sets(like)
    assert [case.key for case in likes.cases] == [c.key for c in cases if not c.is_key_account]
    assert likes.sample == bulk.sets(reversed(like))[0].sample
    assert len(likes.sample) == bulk.SAMPLE
    assert bulk.sets(like[: bulk.LEAST - 1]) == []


def test_a_program_reads_the_queue_and_decides(console: Console) -> None:
    lead = console.sign_in("lead")
    cases = lead.get("/api/v1/cases?limit=2").json()
    assert [case["worth"] for case in cases] == sorted((c["worth"] for c in cases), reverse=True)
    path = f"/api/v1/cases/{cases[0]['golden_id']}/{cases[0]['other_id']}"
    token = {"x-csrf-token": lead.csrf()}
    before = len(decisions(console))
    made = lead.client.post(path, json={"verdict": "same", "why": "passport"}, headers=token)
    assert (made.status_code, made.json()["number"]) == (201, before + 1)
    again = lead.client.post(path, json={"verdict": "different"}, headers=token)
    assert (again.status_code, again.json()["error"]) == (409, "ruled")
    wrong = lead.client.post(path, json={"verdict": "perhaps"}, headers=token)
    assert wrong.status_code == 400
    assert len(decisions(console)) == before + 1


def test_filters_are_kept_by_a_name_of_ones_own(console: Console) -> None:
    steward, lead = console.sign_in("steward"), console.sign_in("lead")
    path = "/review/filters?reason=grey_zone&foreign=x"
    assert send(steward, path, name="<b>灰</b>") == "/review?reason=grey_zone&said=saved"
    page = steward.get("/review").text
    assert 'href="/review?reason=grey_zone">&lt;b&gt;灰&lt;/b&gt;' in page
    assert "灰" not in lead.get("/review").text
    send(steward, "/review/filters", name="<b>灰</b>", forget="true")
    assert "灰" not in steward.get("/review").text


def test_the_queue_is_read_page_by_page(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "_LISTED", 10)
    steward = console.sign_in("steward")
    pages = [steward.get(f"/review?kind=pair&page={page}").text for page in (1, 2, 99)]
    told = [page.split("我刚才的判断")[0] for page in pages]
    cases = [set(re.findall(r'<td><a href="(/review/case/[^"?]+)', page)) for page in told[:2]]
    assert [len(some) for some in cases] == [10, 10]
    assert not cases[0] & cases[1]
    assert 'href="/review?kind=pair&page=2"' in html.unescape(told[0])
    assert "没有要处理的了" in told[2]


def test_the_first_page_tells_the_days_progress(console: Console) -> None:
    steward, viewer = console.sign_in("steward"), console.sign_in("viewer")
    before = steward.get("/").text
    assert "我今天已处理" in before
    assert "我今天已处理" not in viewer.get("/").text
