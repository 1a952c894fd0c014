"""The pages of the queue and of cases: claimed, decided once, taken back, in scope."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from tests.e2e.homes import ask
from tests.warehouse.steward.conftest import Console, Person
from warehouse.desk import Desk
from warehouse.steward.access.scope import Scope
from warehouse.steward.cases import ahead


def send(person: Person, path: str, **form: Any) -> str:
    """Where a form leads to."""
    answer = person.post(path, **form)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def next_case(person: Person) -> str:
    """The address of the next pair in doubt."""
    return person.get("/review/next?kind=pair").headers["location"].split("?")[0]


def decisions(console: Console) -> list[str]:
    return [entry.decision.kind for entry in console.services.office.log.entries()]


def test_a_case_is_decided_once_and_taken_back(console: Console) -> None:
    steward = console.sign_in("steward")
    case = next_case(steward)
    page = steward.get(case)
    assert page.status_code == 200
    assert 'data-key="s"' in page.text
    assert send(steward, case, verdict="same", why="身份证") == "/review/next?said=decided_same"
    again = steward.post(case, verdict="different")
    assert again.status_code == 409
    (entry,) = console.services.office.log.entries()
    assert (entry.decision.author, entry.decision.why) == ("steward", "身份证")
    assert next_case(steward) != case
    assert "已于" in steward.get(case).text
    assert send(steward, "/review/undo", number=1, then=case[13:].replace("/", "~")) == (
        f"{case}?said=undone"
    )
    assert next_case(steward) == case
    assert (len(decisions(console)), decisions(console)[-1]) == (2, "undo")


def test_two_stewards_get_different_cases(console: Console) -> None:
    steward, lead = console.sign_in("steward"), console.sign_in("lead")
    first, second = next_case(steward), next_case(lead)
    assert first != second
    looked = lead.get(first).text
    assert "只能查看" in looked
    assert 'name="verdict"' not in looked
    refused = lead.post(first, verdict="same")
    assert refused.status_code == 409
    assert send(lead, second, verdict="skip") == "/review/next?said=skipped"
    assert next_case(lead) not in (first, second)


def test_somebody_elses_decision_is_taken_back_by_a_lead_alone(console: Console) -> None:
    steward, lead = console.sign_in("steward"), console.sign_in("lead")
    send(lead, next_case(lead), verdict="unsure")
    number = len(decisions(console))
    refused = steward.post("/review/undo", number=number)
    assert refused.status_code == 403
    send(steward, next_case(steward), verdict="different")
    assert send(lead, "/review/undo", number=number + 1) == "/review?said=undone"


def test_the_next_case_is_read_before_it_is_opened_and_given_to_nobody(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    steward, lead = console.sign_in("steward"), console.sign_in("lead")
    case = next_case(steward)
    page = steward.get(f"{case}?kind=pair").text
    found = re.search(r'rel="prefetch" href="([^"]+)"', page)
    assert found
    assert steward.get(html.unescape(found[1])).status_code == 204
    send(steward, case, verdict="skip")
    with monkeypatch.context() as patch:
        patch.setattr(ahead, "_read", None)  # it is not read once more
        coming = next_case(steward)
        assert steward.get(coming).status_code == 200
    assert coming != case
    send(steward, coming, verdict="skip")
    # what was only read ahead was not claimed
    assert steward.get(f"/review/ahead?kind=pair&after={coming}").status_code == 204
    assert len({next_case(steward), next_case(lead)}) == 2


def ends(case: str) -> tuple[str, str]:
    """The customers of a case by its address."""
    one, other = case.split("?")[0].removeprefix("/review/case/").split("/")
    return one, other


def test_what_is_decided_elsewhere_is_not_overruled_unawares(console: Console) -> None:
    """A page was open when somebody decided the case by a command."""
    office, steward, lead = (
        console.services.office,
        console.sign_in("steward"),
        console.sign_in("lead"),
    )
    case = next_case(steward)
    steward.get(case)
    made = Desk(office, "zhao", "户口本").merge(ends(case))
    before = len(decisions(console))
    told = steward.post(case, verdict="different", why="不同的人 <b>")
    assert told.status_code == 409
    assert all(word in told.text for word in ("zhao", "户口本", "同一客户", "不同的人 &lt;b&gt;"))
    assert f'value="{made.number}"' not in told.text  # he may not overrule
    assert steward.post(case, verdict="different", over=made.number).status_code == 403
    assert f'name="over" value="{made.number}"' in lead.post(case, verdict="different").text
    assert lead.post(case, verdict="different", over=made.number - 1).status_code == 409
    assert len(decisions(console)) == before
    assert send(lead, case, verdict="different", over=made.number, why="旧章") == (
        "/review/next?said=decided_different"
    )
    assert len(decisions(console)) == before + 1
    # sent once more, as by a double click
    assert send(lead, case, verdict="different", over=made.number)
    assert len(decisions(console)) == before + 1


def test_what_is_decided_elsewhere_does_not_wait_until_it_is_taken_back(console: Console) -> None:
    office, lead = console.services.office, console.sign_in("lead")
    (case,) = lead.get("/api/v1/cases?limit=1").json()
    ids = case["golden_id"], case["other_id"]
    one, other = (
        ask(console.services.site.home,
            f"SELECT min(record_key) FROM customer_xref WHERE golden_id = '{golden_id}'")[0][0]
        for golden_id in ids
    )  # fmt: skip

    def waits() -> bool:
        listed = lead.get("/api/v1/cases?limit=1000").json()
        queue = lead.get("/review").text.split("我刚才的判断")[0]
        in_queue = "/review/case/{}/{}".format(*ids) in queue
        assert in_queue == (case in listed)
        return in_queue

    assert waits()
    for verdict in ("unsure", "same", "different"):
        made = Desk(office, "zhao", "").pair(one, other, verdict)
        assert not waits()
    token = {"x-csrf-token": lead.csrf()}
    path = "/api/v1/cases/{}/{}".format(*ids)
    answer = lead.client.post(path, json={"verdict": "same"}, headers=token)
    assert (answer.status_code, answer.json()["error"]) == (409, "ruled")
    Desk(office, "zhao", "").undo(made.number)
    assert not waits()  # what was said before is in force again
    for number in (made.number - 1, made.number - 2):
        Desk(office, "zhao", "").undo(number)
    assert waits()
    decided = lead.client.post(path, json={"verdict": "unsure"}, headers=token).json()
    assert not waits()
    Desk(office, "zhao", "").undo(decided["number"])
    assert waits()


def test_a_preview_shows_both_and_what_a_merge_would_make(console: Console) -> None:
    steward = console.sign_in("steward")
    page = steward.get(f"{next_case(steward)}/preview")
    assert page.status_code == 200
    assert "合并后" in page.text


def customer(console: Console, condition: str) -> tuple[str, list[str]]:
    """A customer with several records, and these."""
    rows = ask(
        console.services.site.home,
        f"""SELECT golden_id, list(record_key ORDER BY record_key) FROM customer_xref
            WHERE golden_id {condition} (SELECT golden_id FROM mart_key_accounts)
            GROUP BY golden_id HAVING count(*) > 4 ORDER BY golden_id LIMIT 1""",
    )
    return str(rows[0][0]), list(rows[0][1])


def test_a_case_is_masked_until_it_is_revealed(console: Console) -> None:
    steward = console.sign_in("steward")
    case = next_case(steward)
    one, other = ends(case)
    phones = [
        phone
        for (phone,) in ask(
            console.services.site.home,
            f"""SELECT DISTINCT phone FROM pii.customer_phone
                WHERE golden_id IN ('{one}', '{other}')""",
        )
    ]
    masked = steward.get(case).text + steward.get(f"{case}/preview").text
    clear = send(steward, f"{case}/reveal")
    assert clear.startswith(f"{case}?clear=")
    shown = steward.get(clear).text
    assert phones
    for phone in phones:
        assert phone not in masked
        assert shown.replace(" ", "").count(phone.removeprefix("+86")) > 0
    assert console.sign_in("lead").get(clear).text.count(phones[0]) == 0
    with console.services.database.open() as db:
        noted = db.exec_driver_sql(
            "SELECT who, about FROM audit WHERE what = 'customer.reveal' AND about LIKE '%~%'"
        ).all()
    assert [tuple(row) for row in noted] == [("steward", f"{one}~{other}")]
    console.clock.forward(minutes=11)
    assert phones[0] not in steward.get(clear).text
    console.clock.forward(minutes=-11)


def test_records_of_other_outlets_stay_masked(console: Console) -> None:
    home = console.services.site.home
    # what his outlet knows nothing of: a value that no record of it states
    ((outlet, one, other),) = ask(home, """
        WITH told AS (SELECT golden_id, outlet_code, unnest([address, id_number] || phones) AS value
                      FROM pii.customer_record)
        SELECT a.outlet_code, golden_id_a, golden_id_b
        FROM review_pair JOIN customer_xref a ON a.golden_id = golden_id_a
        JOIN customer_xref b ON b.golden_id = golden_id_b AND b.outlet_code = a.outlet_code
        JOIN customer_xref c ON c.golden_id = golden_id_a AND c.outlet_code <> a.outlet_code
        WHERE a.outlet_code <> '' AND EXISTS (
            FROM told t WHERE t.golden_id = golden_id_a AND t.value IS NOT NULL AND t.value NOT IN (
                SELECT value FROM told o WHERE o.outlet_code = a.outlet_code
                    AND o.golden_id IN (golden_id_a, golden_id_b) AND o.value IS NOT NULL))
        ORDER BY ALL LIMIT 1""")  # fmt: skip
    local = console.employ("nearby", "steward", Scope.of([outlet]))
    foreign = ask(home, f"""
        WITH told AS (SELECT outlet_code, unnest([address, id_number] || phones) AS value
                      FROM pii.customer_record WHERE golden_id IN ('{one}', '{other}'))
        SELECT value FROM told WHERE value IS NOT NULL GROUP BY value
        HAVING NOT bool_or(outlet_code = '{outlet}')""")  # fmt: skip
    assert foreign
    for path in (f"/review/case/{one}/{other}", f"/review/customer/{one}"):
        page = local.get(send(local, f"{path}/reveal")).text
        assert "其他网点" in page
        assert set(re.findall(r"\b[DS]\d{4}\b", page)) == {outlet}
        for (value,) in foreign:
            assert value not in page
            assert value.removeprefix("+86") not in page.replace(" ", "")
    ((record,),) = ask(home, f"""
        SELECT min(record_key) FROM customer_xref
        WHERE golden_id = '{one}' AND outlet_code <> '{outlet}'""")  # fmt: skip
    refused = local.post(f"/review/customer/{one}/split", record=[record])
    assert refused.status_code == 400


def test_a_split_is_previewed_and_then_confirmed(console: Console) -> None:
    steward = console.sign_in("steward")
    golden_id, records = customer(console, "NOT IN")
    path = f"/review/customer/{golden_id}"
    assert steward.get(path).status_code == 200
    form: dict[str, Any] = {"record": records[:2], "why": "兄弟"}
    before = decisions(console)
    shown = steward.post(f"{path}/split", **form)
    assert (shown.status_code, decisions(console)) == (200, before)
    assert all(f'value="{record}"' in shown.text for record in records[:2])
    done = steward.post(f"{path}/split", **form, confirmed="true")
    assert done.headers["location"] == f"{path}?said=split"
    assert decisions(console)[-1] == "split"
    page = steward.get(path).text
    assert page.count("今晚拆出") == 2
    assert f'name="number" value="{len(before) + 1}"' in page
    # once more from another tab, in another order
    again = {"record": records[1::-1], "confirmed": "true"}
    assert send(steward, f"{path}/split", **again) == f"{path}?said=said_already"
    assert len(decisions(console)) == len(before) + 1
    for wrong in ([], records, ["hq//NOBODY"]):
        answer = steward.post(f"{path}/split", **(form | {"record": wrong}))
        assert answer.status_code == 400


def test_a_form_that_is_wrong_says_where_and_keeps_what_was_typed(console: Console) -> None:
    steward = console.sign_in("steward")
    golden_id, records = customer(console, "NOT IN")
    path = f"/review/customer/{golden_id}"
    steward.client.headers["origin"] = "http://testserver"  # as a browser tells
    wrong = steward.post(f"{path}/value", attribute="birth_date", value="昨天<b>", why="他说的")
    assert wrong.status_code == 400
    assert "无法识别为这个项目的值" in wrong.text
    assert 'name="value" value="昨天&lt;b&gt;"' in wrong.text
    assert 'name="why" value="他说的"' in wrong.text
    assert 'name="attribute" value="birth_date"' in wrong.text  # to be sent again from there
    all_of_them = steward.post(f"{path}/split", record=records, why="都不是")
    assert "请至少勾选一条记录" in all_of_them.text
    assert 'value="都不是"' in all_of_them.text
    long = steward.post(f"{path}/value", attribute="name", value="王", why="很" * 1001)
    assert (long.status_code, "太长了" in long.text) == (400, True)
    assert "请填一个整数" in steward.post("/review/undo", number="x").text
    assert "没有填写" in steward.post("/review/undo").text
    back = steward.get("/quarantine?page=x", headers={"referer": "http://testserver/outlets"})
    assert 'href="/outlets">返回' in back.text
    assert 'href="/outlets">返回' not in steward.get("/quarantine?page=x").text


def test_a_key_account_is_split_by_a_lead(console: Console) -> None:
    golden_id, records = customer(console, "IN")
    path = f"/review/customer/{golden_id}/split"
    for login, status in (("steward", 403), ("lead", 200)):
        client = console.sign_in(login)
        assert client.post(path, record=records[:1]).status_code == status


def test_a_value_is_locked_and_a_number_marked(console: Console) -> None:
    lead = console.sign_in("lead")
    golden_id, _ = customer(console, "NOT IN")
    path = f"/review/customer/{golden_id}"
    phone = ask(
        console.services.site.home,
        f"SELECT phone FROM pii.customer_phone WHERE golden_id = '{golden_id}'",
    )[0][0]
    assert "said=chosen" in send(
        lead, f"{path}/value", attribute="birth_date", value="1990年1月2日"
    )
    assert console.services.office.log.entries()[-1].decision.word == "1990-01-02"
    before = decisions(console)
    shown = lead.post(f"{path}/generic", value=phone)
    ((holders, records),) = ask(
        console.services.site.home,
        f"""SELECT count(DISTINCT golden_id), count(*) FROM pii.customer_record
            WHERE list_contains(phones, '{phone}')""",
    )
    assert f"现在有 {holders} 位客户的 {records} 条记录" in shown.text
    assert decisions(console) == before
    assert "said=generic" in send(lead, f"{path}/generic", value=phone, confirmed="true")
    assert "said=said_already" in send(lead, f"{path}/generic", value=phone, confirmed="true")
    page = lead.get(path).text
    assert page.count("通用值") == 1
    assert page.count("今晚锁定") == 1
    assert "1990-**-**" in page
    for what, form in (
        ("value", {"attribute": "birth_date", "value": "昨天"}),
        ("value", {"attribute": "hobby", "value": "x"}),
        ("generic", {"value": "+8613000000000"}),
    ):
        answer = lead.post(f"{path}/{what}", **form)
        assert answer.status_code == 400


def test_customers_out_of_scope_are_not_there(console: Console) -> None:
    (outlet,) = ask(
        console.services.site.home,
        "SELECT outlet_code FROM customer_xref WHERE outlet_code <> '' ORDER BY 1 LIMIT 1",
    )[0]
    client = console.employ("local", "steward", Scope.of([outlet]))
    foreign = ask(
        console.services.site.home,
        f"""SELECT golden_id_a, golden_id_b FROM review_pair
            WHERE golden_id_a NOT IN (SELECT golden_id FROM customer_xref
                                      WHERE outlet_code = '{outlet}')""",
    )
    one, other = foreign[0]
    case, whole = f"/review/case/{one}/{other}", f"/review/customer/{one}"
    nobody = "/review/customer/C0"
    for path in (case, f"{case}/preview", whole, nobody):
        assert client.get(path).status_code == 404
    form = {"verdict": "same", "record": "x", "value": "x", "attribute": "x"}
    for path in (case, f"{whole}/split", f"{whole}/value"):
        assert client.post(path, **form).status_code == 404
    assert one not in client.get("/review").text


def test_a_viewer_reviews_nothing(console: Console) -> None:
    viewer = console.sign_in("viewer")
    assert viewer.get("/review").status_code == 403
    assert viewer.get("/review/next").status_code == 403


def test_seeing_and_deciding_are_in_the_audit(console: Console) -> None:
    steward = console.sign_in("steward")
    case = next_case(steward)
    steward.get(case)
    send(steward, case, verdict="unsure")
    with console.services.database.open() as db:
        rows = db.exec_driver_sql("SELECT who, what, about FROM audit ORDER BY audit_id").all()
    key = case.removeprefix("/review/case/").replace("/", "~")
    assert [tuple(row) for row in rows[-2:]] == [
        ("steward", "review.see", key), ("steward", "review.decide", key),
    ]  # fmt: skip
