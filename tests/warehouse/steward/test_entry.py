"""Through the door: signing in, links that work once, sessions that end, both languages."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.warehouse.steward.conftest import PASSWORD, Console
from warehouse.steward.accounts.links import LASTS
from warehouse.steward.accounts.lockout import ATTEMPTS, WHILE
from warehouse.steward.app import create_app
from warehouse.steward.site import Site


def test_a_stranger_is_asked_to_sign_in_and_gets_where_he_wanted(console: Console) -> None:
    client = console.stranger()
    answer = client.get("/audit?who=wang&said=saved")
    assert answer.headers["location"] == "/sign-in?then=/audit%3Fwho%3Dwang"
    said = {"login": " Lead ", "password": PASSWORD, "then": "/audit?who=wang"}
    answer = client.post("/sign-in", data=said)
    assert (answer.status_code, answer.headers["location"]) == (303, "/audit?who=wang")


@pytest.mark.parametrize("then", ["https://a.example/", "//a.example", "/\\a.example", "x"])
def test_nobody_is_sent_to_another_site(console: Console, then: str) -> None:
    said = {"login": "viewer", "password": PASSWORD, "then": then}
    assert console.stranger().post("/sign-in", data=said).headers["location"] == "/"
    assert console.stranger().get("/language/en", params={"then": then}).headers["location"] == "/"


def test_wrong_passwords_and_unknown_logins_are_answered_alike_and_locked_alike(
    console: Console,
) -> None:
    console.employ("guessed", "steward")
    told = []
    for login in ("guessed", "unheard-of"):
        client = console.stranger()
        answers = [
            client.post("/sign-in", data={"login": login, "password": "guess"})
            for _ in range(ATTEMPTS + 1)
        ]
        assert {answer.status_code for answer in answers} == {401}
        told.append([answer.text.replace(login, "") for answer in answers])
    assert told[0] == told[1]
    assert "尝试次数太多" not in told[0][ATTEMPTS - 1]
    assert "尝试次数太多" in told[0][ATTEMPTS]
    right = {"login": "guessed", "password": PASSWORD}
    assert console.stranger().post("/sign-in", data=right).status_code == 401
    console.clock.forward(seconds=WHILE.total_seconds() + 1)
    assert console.stranger().post("/sign-in", data=right).status_code == 303


def test_a_session_ends_when_one_signs_out_or_is_away_too_long(console: Console) -> None:
    person = console.sign_in("viewer")
    old = person.client.cookies["session"]
    assert person.post("/sign-out").status_code == 303
    client = console.stranger()
    client.cookies["session"] = old
    assert client.get("/account").status_code == 303
    person = console.sign_in("viewer")
    for _ in range(14):
        assert person.get("/account").status_code == 200
        console.clock.forward(minutes=55)
    assert person.get("/account").status_code == 303  # 12 hours have gone by


def test_a_session_is_a_new_one_at_every_sign_in(console: Console) -> None:
    client = console.stranger()
    client.cookies["session"] = "planted by somebody else"
    client.post("/sign-in", data={"login": "viewer", "password": PASSWORD})
    mine = {cookie.value for cookie in client.cookies.jar if cookie.domain}
    assert mine.isdisjoint({"planted by somebody else"})
    other = console.stranger()
    other.cookies["session"] = "planted by somebody else"
    assert other.get("/account").status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(console: Console) -> None:
    said = {"login": "viewer", "password": PASSWORD}
    cookie = console.stranger().post("/sign-in", data=said).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    site = console.services.site
    settings = site.settings.model_copy(update={"address": "https://guiyi.example.cn"})
    app = create_app(Site(site.home, site.database, settings, clock=site.clock))
    secure = TestClient(app, base_url=settings.address, follow_redirects=False)
    answer = secure.post("/sign-in", data=said)
    assert answer.headers["set-cookie"].startswith("__Host-session=")
    assert "Secure" in answer.headers["set-cookie"]
    assert "max-age" in answer.headers["strict-transport-security"]


def test_a_form_sent_after_the_session_ended_is_kept_and_sent_on(console: Console) -> None:
    admin = console.sign_in("admin")
    csrf = admin.csrf("/tokens")
    console.clock.forward(hours=2)
    form = {"csrf": csrf, "name": "<b>软件", "role": "viewer", "days": "30"}
    origin = {"origin": "http://testserver"}
    answer = admin.client.post("/tokens", data=form, headers=origin)
    assert answer.status_code == 401
    assert 'name="kept.name" value="&lt;b&gt;软件"' in answer.text
    again = {"login": "admin", "password": PASSWORD, "then": "/tokens"}
    kept = {f"kept.{name}": value for name, value in form.items() if name != "csrf"}
    page = admin.client.post("/sign-in", data=again | kept, headers=origin)
    assert "&lt;b&gt;软件" in page.text
    assert "软件" not in admin.get("/tokens").text
    assert (
        admin.post("/tokens", **{k: v for k, v in form.items() if k != "csrf"}).status_code == 200
    )
    assert "&lt;b&gt;软件" in admin.get("/tokens").text


def test_the_first_link_makes_an_admin_once(console: Console, tmp_path) -> None:
    site = Site(console.services.site.home, f"sqlite:///{tmp_path / 'new.sqlite'}")
    app = create_app(site)
    client, services = TestClient(app, follow_redirects=False), app.state.services
    path = services.link_to(None, "")
    assert "第一个系统管理员" in client.get(path).text
    form = {"login": "Wang", "name": "王", "password": "short", "password_again": "short"}
    assert client.post(path, data=form).status_code == 400
    form |= {"password": PASSWORD, "password_again": PASSWORD}
    assert client.post(path, data=form).status_code == 303
    assert "王" in client.get("/users").text
    assert client.post(path, data=form | {"login": "li"}).status_code == 404
    later = services.link_to(None, "")
    assert client.get(later).status_code == 404
    assert [user.login for user in services.users.all()] == ["wang"]


def test_a_link_sets_a_password_once_and_ends_the_sessions(console: Console) -> None:
    person, admin = console.employ("forgetful", "viewer"), console.sign_in("admin")
    number = next(u.number for u in console.services.users.all() if u.login == "forgetful")
    first = console.services.link_to(number, "")
    page = admin.post(f"/users/{number}/link").text
    path = page.split("http://testserver", 1)[1].split("<", 1)[0]
    form = {"password": "another made up one", "password_again": "another made up one"}
    assert console.stranger().post(first, data=form).status_code == 404
    assert console.stranger().post(path, data=form).status_code == 303
    assert console.stranger().post(path, data=form).status_code == 404
    assert person.get("/account").status_code == 303
    assert console.sign_in("forgetful", "another made up one").get("/account").status_code == 200
    old = console.services.link_to(number, "")
    console.clock.forward(seconds=LASTS.total_seconds() + 1)
    assert console.stranger().get(old).status_code == 404


def test_another_password_ends_the_other_sessions(console: Console) -> None:
    here = console.employ("careful", "viewer")
    there = console.sign_in("careful")
    new = {"new_password": "a new one for tests", "new_password_again": "a new one for tests"}
    assert here.post("/account/password", password="wrong", **new).status_code == 400
    answer = here.post("/account/password", password=PASSWORD, **new)
    assert answer.headers["location"] == "/account?said=saved"
    assert "已保存" in here.get("/account?said=saved").text
    assert there.get("/account").status_code == 303


def test_the_first_page_is_chinese_and_english_at_a_click(console: Console) -> None:
    person = console.sign_in("viewer")
    assert "Viewer" in person.get("/").text
    assert 'lang="zh"' in person.get("/").text
    assert person.get("/language/en?then=/").headers["location"] == "/"
    assert 'lang="en"' in person.get("/").text
