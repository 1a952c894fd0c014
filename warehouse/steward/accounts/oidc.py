"""Signing in at an OpenID provider: the authorization code flow with PKCE, state and nonce.

The provider says who somebody is; what he may do is his account's here, which an admin has made.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from connectors.errors import GuiyiError
from warehouse.steward.site import Oidc

_SECONDS = 10
#: What signs by a public key; with the others whoever has the client's secret could sign.
_ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]


class ProviderFailed(GuiyiError):
    """The provider cannot be asked, or its answer does not hold."""

    code = "provider_failed"


@dataclass(frozen=True, slots=True)
class Flow:
    """What the browser that began keeps until it comes back. then: where it wanted to."""

    state: str
    nonce: str
    verifier: str
    then: str

    def to_cookie(self) -> str:
        """As the value of a cookie."""
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode()

    @classmethod
    def of_cookie(cls, text: str) -> Flow:
        """What `to_cookie` gave. Raises ProviderFailed for anything else."""
        try:
            return cls(**json.loads(base64.urlsafe_b64decode(text)))
        except (ValueError, TypeError):
            raise ProviderFailed(
                "the sign-in was begun in another browser, or too long ago"
            ) from None


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is. subject: at this issuer, for good; login: of his account here, if any."""

    subject: str
    login: str


class Provider:
    """An OpenID provider."""

    def __init__(
        self, oidc: Oidc, secret: str, transport: httpx2.BaseTransport | None = None
    ) -> None:
        """secret: of the client. transport: how it is reached, if not by the network."""
        self._oidc, self._secret, self._transport = oidc, secret, transport

    def begin(self, back: str, then: str) -> tuple[str, Flow]:
        """Where to send the browser, and what it keeps meanwhile. back: our address to come to.

        Raises ProviderFailed.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        flow = Flow(state, nonce, verifier, then)
        with self._client(back) as client:
            address, _ = client.create_authorization_url(
                self._metadata["authorization_endpoint"],
                state=flow.state,
                nonce=flow.nonce,
                code_verifier=flow.verifier,
            )
        return str(address), flow

    def finish(self, flow: Flow, state: str, code: str, back: str) -> Identity:
        """Who has come back. Raises ProviderFailed."""
        if not secrets.compare_digest(state.encode(), flow.state.encode()):
            raise ProviderFailed("the answer is of another sign-in")
        try:
            with self._client(back) as client:
                token = client.fetch_token(
                    self._metadata["token_endpoint"], code=code, code_verifier=flow.verifier
                )
            keys = KeySet.import_key_set(self._fetch(self._metadata["jwks_uri"]))
            claims = jwt.decode(token["id_token"], keys, algorithms=_ALGORITHMS).claims
            self._checks(flow).validate(claims)
        except (httpx2.HTTPError, AuthlibBaseError, JoseError, KeyError, ValueError) as error:
            raise ProviderFailed(f"the provider's answer does not hold ({error!r})") from None
        login = claims.get(self._oidc.login_claim)
        return Identity(f"{claims['iss']} {claims['sub']}", str(login or ""))

    def _checks(self, flow: Flow) -> jwt.JWTClaimsRegistry:
        return jwt.JWTClaimsRegistry(
            leeway=60,
            iss={"essential": True, "value": self._metadata["issuer"]},
            aud={"essential": True, "value": self._oidc.client_id},
            exp={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": flow.nonce},
        )

    @cached_property
    def _metadata(self) -> Any:
        """What the provider says of itself; a failure is not kept. Raises ProviderFailed."""
        issuer = self._oidc.issuer.rstrip("/")
        try:
            found = self._fetch(f"{issuer}/.well-known/openid-configuration")
            if found["issuer"].rstrip("/") != issuer:
                raise ValueError("says that it is another issuer")
        except (httpx2.HTTPError, KeyError, ValueError) as error:
            raise ProviderFailed(f"{issuer}: cannot be asked ({error!r})") from None
        return found

    def _fetch(self, address: str) -> Any:
        with httpx2.Client(transport=self._transport, timeout=_SECONDS) as client:
            return client.get(address).raise_for_status().json()

    def _client(self, back: str) -> OAuth2Client:
        return OAuth2Client(
            client_id=self._oidc.client_id,
            client_secret=self._secret,
            scope="openid profile",
            redirect_uri=back,
            code_challenge_method="S256",
            transport=self._transport,
            timeout=_SECONDS,
        )
