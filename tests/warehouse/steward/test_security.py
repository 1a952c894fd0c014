"""What an attacker tries: forged forms, markup and formulas in names, floods, frames."""

from __future__ import annotations

import pytest

from tests.warehouse.steward.conftest import PASSWORD, Console
from tests.warehouse.steward.test_permissions import CLOSED
from warehouse.steward.throttle import Rate, Throttle, TooMany

MARKUP = "<script>alert('归一')</script>"
FORMULA = "=cmd|' /c calc'!a0"
FORMS = [door for door in CLOSED if door.method != "GET"]


@pytest.mark.parametrize("door", FORMS, ids=lambda door: f"{door.method} {door.path}")
def test_a_form_without_its_token_or_of_another_site_is_refused(console: Console, door) -> None:
    person = console.sign_in("admin")
    path = door.of(dict.fromkeys(door.parameters, "1"))
    ask = person.client.request
    assert ask(door.method, path).status_code == 403
    assert ask(door.method, path, headers={"x-csrf-token": "x"}).status_code == 403
    forged = {"x-csrf-token": person.csrf(), "origin": "https://elsewhere.example"}
    assert ask(door.method, path, headers=forged).status_code == 403
    assert person.get("/account").status_code == 200


def test_a_form_of_an_earlier_session_asks_before_it_is_sent(console: Console) -> None:
    person = console.sign_in("admin")
    form = {"csrf": "of an earlier session", "name": "earlier", "role": "viewer", "days": "1"}
    forged = person.client.post("/tokens", data=form)
    assert forged.status_code == 403
    asked = person.client.post("/tokens", data=form, headers={"origin": "http://testserver"})
    assert "继续提交" in asked.text
    assert "earlier" not in person.get("/tokens").text


def test_other_sites_cannot_sign_somebody_in(console: Console) -> None:
    said = {"login": "viewer", "password": PASSWORD}
    headers = {"origin": "https://elsewhere.example"}
    answer = console.stranger().post("/sign-in", data=said, headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


def test_names_are_text_and_never_markup(console: Console) -> None:
    admin = console.sign_in("admin")
    answer = admin.post("/users", login="marked", name=MARKUP, role="viewer", outlets=MARKUP)
    assert answer.status_code == 200
    pages = [answer, admin.get("/users"), admin.get("/audit", params={"who": MARKUP})]
    pages += [
        admin.get("/audit"),
        console.stranger().get("/sign-in", params={"then": f"/{MARKUP}"}),
    ]
    for page in pages:
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("path", ["/", "/sign-in", "/nowhere", "/static/console.css", "/health"])
def test_every_answer_has_the_strict_headers(console: Console, path: str) -> None:
    headers = console.sign_in("viewer").get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store" or path.startswith("/static/")


def test_no_page_has_script_or_style_of_its_own(console: Console) -> None:
    person = console.sign_in("admin")
    for path in ("/", "/users", "/users/1", "/tokens", "/audit", "/account", "/sign-in"):
        page = person.get(path).text
        assert "<style" not in page
        assert " style=" not in page
        assert page.count("<script") == page.count('<script src="/static/')
        assert " on" not in {tag.split("=")[0] for tag in page.split('"')[::2]}


def test_a_spreadsheet_runs_nothing_of_the_audit(console: Console) -> None:
    admin = console.sign_in("admin")
    assert admin.post("/users", login=FORMULA, role="viewer").status_code == 200
    answer = admin.get("/audit/export?what=users")
    assert answer.text.startswith("\ufeffnumber,at,who")
    assert f"'{FORMULA} viewer all" in answer.text
    assert f",{FORMULA}" not in answer.text
    told = admin.get("/audit").text
    assert "audit.export" in told
    assert "what users" in told


def test_who_asks_too_often_has_to_wait() -> None:
    throttle = Throttle()
    for _ in range(Rate.KNOCK.value.amount):
        throttle.ensure(Rate.KNOCK, "10.0.0.1")
    throttle.ensure(Rate.KNOCK, "10.0.0.2")
    with pytest.raises(TooMany):
        throttle.ensure(Rate.KNOCK, "10.0.0.1")


def test_a_flood_is_answered_429(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise TooMany("too often")

    person = console.sign_in("viewer")
    monkeypatch.setattr(console.services.throttle, "ensure", refuse)
    assert person.get("/").status_code == 429
    assert console.stranger().get("/sign-in").status_code == 429
    assert console.stranger().get("/api/v1/me").json()["error"] == "too_many"
