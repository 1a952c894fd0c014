"""The interface for programs, asked whatever its description allows, and what it does not."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from starlette.testclient import TestClient

from tests.warehouse.steward.conftest import Console
from warehouse.steward.access.scope import Scope
from warehouse.steward.app import API_PREFIX


@pytest.fixture(scope="module")
def token(console: Console) -> str:
    return console.services.tokens.make("a program", "lead", Scope(), "admin", days=1)


def test_the_description_is_for_who_has_a_token(console: Console, token: str) -> None:
    client = TestClient(console.app)
    assert client.get(f"{API_PREFIX}/openapi.json").status_code == 401
    told = client.get(f"{API_PREFIX}/openapi.json", headers=bearer(token)).json()
    assert all(path.startswith(API_PREFIX) for path in told["paths"])


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_no_question_breaks_it(console: Console, token: str, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_asgi(
        f"{API_PREFIX}/openapi.json", console.app, headers=bearer(token)
    )
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        if mode is GenerationMode.NEGATIVE and not any(
            [*operation.iter_parameters(), *operation.body]
        ):
            continue  # where nothing is asked for, nothing can be wrong

        @given(operation.as_strategy(generation_mode=mode))
        @settings(max_examples=10, suppress_health_check=list(HealthCheck), database=None)
        def ask(case: schemathesis.Case) -> None:
            answer = case.call(headers=bearer(token))
            case.validate_response(answer, checks=[not_a_server_error])

        ask()
