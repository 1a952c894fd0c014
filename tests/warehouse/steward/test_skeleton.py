"""Pages behind the door, in both languages."""

from __future__ import annotations

from tests.warehouse.steward.conftest import Console


def test_a_stranger_is_asked_to_sign_in_and_comes_back(console: Console) -> None:
    answer = console.client.get("/?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?then=/%3Fx%3D1")
    said = {"login": "viewer", "password": "wrong", "then": "/?x=1"}
    assert console.client.post("/sign-in", data=said).status_code == 401


def test_the_first_page_is_chinese_and_english_at_a_click(console: Console) -> None:
    client = console.sign_in("viewer")
    assert "早上好，Viewer" in client.get("/").text
    answer = client.get("/language/en?then=/")
    assert answer.headers["location"] == "/"
    page = client.get("/").text
    assert "Good morning, Viewer" in page
    assert 'lang="en"' in page


def test_an_unknown_address_is_told_in_a_page(console: Console) -> None:
    answer = console.sign_in("viewer").get("/nowhere")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
