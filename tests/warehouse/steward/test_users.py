"""Accounts and tokens, as who manages them sees and changes them; all of it in the audit."""

from __future__ import annotations

from starlette.testclient import TestClient

from tests.warehouse.steward.conftest import Console
from warehouse.steward.access.scope import Scope
from warehouse.steward.app import create_app
from warehouse.steward.audit import Deed, Wanted
from warehouse.steward.site import Site


def number_of(console: Console, login: str) -> int:
    return next(user.number for user in console.services.users.all() if user.login == login)


def test_an_outlet_that_nobody_has_heard_of_is_pointed_out(console: Console) -> None:
    admin = console.sign_in("admin")
    with console.services.published.reading() as con:
        ((known,),) = con.execute("SELECT min(outlet_code) FROM dim_outlet").fetchall()
    page = admin.post("/users", login="zhou", role="viewer", outlets=f"{known} D9999").text
    assert "D9999 还没有数据" in page
    assert f"{known} 还没有数据" not in page
    changed = f"/users/{number_of(console, 'zhou')}"
    kept = admin.post(changed, name="周芷若", role="lead", provinces="江苏", active="true")
    assert (kept.status_code, 'value="周芷若"' in kept.text) == (400, True)
    assert 'value="江苏"' in kept.text


def test_an_account_is_made_with_a_link_and_changed_at_once(console: Console) -> None:
    admin = console.sign_in("admin")
    page = admin.post("/users", login="li", name="李", role="viewer", outlets="D0012，S0107")
    assert "/link/" in page.text
    assert "D0012、S0107" in page.text
    assert "已经有这个登录名" in admin.post("/users", login="LI ", role="viewer").text
    assert "车牌上的简称" in admin.post("/users", login="x", role="viewer", provinces="江苏").text
    path = page.text.split("http://testserver", 1)[1].split("<", 1)[0]
    form = {"password": "made up for tests", "password_again": "made up for tests"}
    assert console.stranger().post(path, data=form).status_code == 303
    person = console.sign_in("li")
    assert person.get("/audit").status_code == 403
    changed = f"/users/{number_of(console, 'li')}"
    assert admin.post(changed, name="李", role="lead", active="true").status_code == 303
    assert person.get("/audit").status_code == 200
    assert admin.post(changed, name="李", role="lead").status_code == 303
    assert person.get("/account").status_code == 303
    told = [entry.detail for entry in console.services.audit.entries(Wanted(what="users.change"))]
    assert told == ["li lead all -> li lead all (off)", "li viewer D0012 S0107 -> li lead all"]


def test_the_last_admin_stays(console: Console) -> None:
    admin = console.sign_in("admin")
    mine = f"/users/{number_of(console, 'admin')}"
    for form in ({"role": "lead", "active": "true"}, {"role": "admin"}):
        assert "至少要留一个" in admin.post(mine, name="Admin", **form).text
    assert admin.get("/users").status_code == 200


def test_a_token_opens_the_interface_for_programs_alone_until_it_is_revoked(
    console: Console,
) -> None:
    admin = console.sign_in("admin")
    page = admin.post("/tokens", name="呼叫中心", role="viewer", days="30", provinces="苏").text
    secret = page.split('<code class="secret">', 1)[1].split("<", 1)[0]
    program = TestClient(console.app, follow_redirects=False)
    program.headers["authorization"] = f"Bearer {secret}"
    told = program.get("/api/v1/me").json()
    assert (told["name"], told["role"], told["provinces"]) == ("呼叫中心", "viewer", ["苏"])
    assert "review.decide" not in told["may"]
    assert program.get("/account").status_code == 303
    assert secret not in admin.get("/tokens").text
    number = console.services.tokens.all()[0].number
    assert admin.post(f"/tokens/{number}/revoke").status_code == 303
    assert program.get("/api/v1/me").status_code == 401


def test_a_token_ends_by_itself_and_makes_no_accounts(console: Console) -> None:
    tokens = console.services.tokens
    secret = tokens.make("short", "viewer", Scope(), "admin", days=1)
    assert tokens.find(secret)
    console.clock.forward(days=1, seconds=1)
    assert tokens.find(secret) is None
    admin = console.sign_in("admin")
    assert "没有这个角色" in admin.post("/tokens", name="x", role="admin", days="1").text


def test_the_audit_is_filtered_and_read_page_by_page(console: Console) -> None:
    person = console.employ("busy", "lead")
    visits = console.services.audit
    for at in range(120):
        visits.note(Deed("busy", "customer.see", f"C{at:09}"))
    page = person.get("/audit?who=busy&what=customer").text
    assert page.count(">customer.see<") == 100
    assert "C000000119" in page
    further = page.split('class="button" href="')[-1].split('"')[0].replace("&amp;", "&")
    rest = person.get(further).text
    assert rest.count(">customer.see<") == 20
    assert "C000000000" in rest
    assert "没有符合条件" in person.get("/audit?who=busy&until=2001-01-01").text
    export = person.get("/audit/export?who=busy&about=C000000007").text
    assert export.count("\n") == 2


def test_health_is_told_to_everybody_and_nothing_else(console: Console, tmp_path) -> None:
    assert console.stranger().get("/health").json() == {"status": "ok"}
    empty = TestClient(create_app(Site(tmp_path, f"sqlite:///{tmp_path / 'd.sqlite'}")))
    answer = empty.get("/health")
    assert (answer.status_code, answer.json()["reason"]) == (503, "not_published")
