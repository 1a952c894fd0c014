"""Signing in at a provider that tries to be honest, and at one that does not."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from tests.warehouse.steward.conftest import Console
from warehouse.steward.access.scope import Scope
from warehouse.steward.accounts.oidc import Provider
from warehouse.steward.app import create_app
from warehouse.steward.site import Oidc, Site

ISSUER = "https://sso.example"
OIDC = Oidc(issuer=ISSUER, client_id="guiyi", label="公司账号")


@dataclass
class Sso:
    """A provider. claims: what it says beside the usual, or in place of it."""

    claims: dict[str, Any] = field(default_factory=dict)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "1"}))
    signs_by: RSAKey | None = None
    nonce: str = ""
    asked: list[httpx2.Request] = field(default_factory=list)

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        match request.url.path:
            case "/.well-known/openid-configuration":
                places = {"authorization_endpoint": "authorize", "token_endpoint": "token",
                          "jwks_uri": "keys"}  # fmt: skip
                told = {name: f"{ISSUER}/{path}" for name, path in places.items()}
                return httpx2.Response(200, json={"issuer": ISSUER} | told)
            case "/keys":
                return httpx2.Response(200, json={"keys": [self.key.as_dict(private=False)]})
            case "/token":
                return httpx2.Response(200, json={"access_token": "x", "token_type": "Bearer",
                                                 "id_token": self.token()})  # fmt: skip
        return httpx2.Response(404)

    def token(self) -> str:
        claims = {"iss": ISSUER, "aud": "guiyi", "sub": "42", "nonce": self.nonce,
                  "exp": int(time.time()) + 60, "preferred_username": "wang"}  # fmt: skip
        header = {"alg": "RS256", "kid": "1"}
        return jwt.encode(header, claims | self.claims, self.signs_by or self.key)


@pytest.fixture
def sso() -> Sso:
    return Sso()


@pytest.fixture
def client(console: Console, sso: Sso, tmp_path) -> TestClient:
    """A console that knows the provider, with an account `wang`."""
    home = console.services.site.home
    settings = console.services.site.settings.model_copy(update={"oidc": OIDC})
    app = create_app(Site(home, f"sqlite:///{tmp_path / 'd.sqlite'}", settings, oidc_secret="s"))
    object.__setattr__(
        app.state.services, "provider", Provider(OIDC, "s", httpx2.MockTransport(sso))
    )
    app.state.services.users.add("wang", "王", "lead", Scope())
    return TestClient(app, follow_redirects=False)


def come_back(client: TestClient, sso: Sso, **answer: str):
    """To the provider and back, as a browser goes."""
    away = client.get("/oidc/start?then=/audit").headers["location"]
    asked = {name: value[0] for name, value in parse_qs(urlsplit(away).query).items()}
    assert asked["code_challenge_method"] == "S256"
    sso.nonce = asked["nonce"]
    return client.get("/oidc/back", params={"state": asked["state"], "code": "c"} | answer)


def test_the_form_offers_the_provider(client: TestClient) -> None:
    assert "用 公司账号 登录" in client.get("/sign-in").text


def test_somebody_with_an_account_is_let_in_and_known_by_his_subject(
    client: TestClient, sso: Sso
) -> None:
    assert come_back(client, sso).headers["location"] == "/audit"
    assert "王" in client.get("/audit").text
    assert b"code_verifier=" in next(r for r in sso.asked if r.url.path == "/token").content
    sso.claims = {"preferred_username": "renamed"}
    assert come_back(client, sso).status_code == 303
    sso.claims = {"sub": "43"}  # somebody else, who has got wang's old login there
    assert come_back(client, sso).status_code == 403


def test_nobody_without_an_account_is_let_in(client: TestClient, sso: Sso) -> None:
    sso.claims = {"preferred_username": "stranger"}
    answer = come_back(client, sso)
    assert answer.status_code == 403
    assert "还没有账号" in answer.text


@pytest.mark.parametrize(
    "claims",
    [{"nonce": "another"}, {"aud": "another"}, {"iss": "https://another.example"}, {"exp": 1}],
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    client: TestClient, sso: Sso, claims: dict[str, Any]
) -> None:
    sso.claims = claims
    answer = come_back(client, sso)
    assert answer.status_code == 502
    assert "session" not in client.cookies


def test_a_token_of_another_key_another_state_and_no_beginning_are_refused(
    client: TestClient, sso: Sso
) -> None:
    assert come_back(client, sso, state="another").status_code == 502
    sso.signs_by = RSAKey.generate_key(2048, {"kid": "1"})
    assert come_back(client, sso).status_code == 502
    client.cookies.clear()
    assert client.get("/oidc/back?state=s&code=c").status_code == 502


def test_without_a_provider_there_is_no_such_page(console: Console) -> None:
    assert console.stranger().get("/oidc/start").status_code == 404
