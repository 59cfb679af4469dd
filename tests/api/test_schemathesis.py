"""Whatever is sent to the API: it never breaks, and answers nothing that is not documented.

Schemathesis reads the description of the API and makes up requests: sound ones, wrong ones, and
those at the bounds. `just api-fuzz` sends many more of them.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import BaseSchema, Case
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok
from scripts.write_openapi import FILE as DESCRIPTION

from chess_analytics.store.session import FILE
from tests.accounts import PASSWORD
from tests.api.fuzzing import MOST_THINGS, Member, Nobody
from tests.api.serving import BASE_URL, serving

EXAMPLES = int(os.environ.get("CHESS_ANALYTICS_FUZZ_EXAMPLES", "8"))


def _steady(examples: int) -> settings:
    # One application for all requests is what a server is.
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=examples, deadline=None, suppress_health_check=checks)


def _for_nobody() -> BaseSchema:
    # The requests at the bounds are left to the members: here all of them end at the door.
    config = {"phases": {"coverage": {"enabled": False}}}
    return schemathesis.openapi.from_path(DESCRIPTION, config=SchemathesisConfig.from_dict(config))


def _for_member() -> BaseSchema:
    # The member's cookie is sound; a token that is made up would go before it.
    config = {"generation": {"with-security-parameters": False}}
    schema = schemathesis.openapi.from_path(
        DESCRIPTION, config=SchemathesisConfig.from_dict(config)
    )
    schema.hook("map_path_parameters")(_likely_numbers)
    schema.hook("map_body")(_likely_passwords)
    return schema


def _likely_numbers(_context: Any, parameters: dict[str, Any] | None) -> dict[str, Any]:
    """Let sound numbers be those of things that there are, more often than not."""
    return {
        name: value % (MOST_THINGS + 1) + 1 if type(value) is int and value > 0 else value
        for name, value in (parameters or {}).items()
    }


def _likely_passwords(_context: Any, body: Any) -> Any:
    """Let a password be right every now and then: it opens what a guess never would."""
    if isinstance(body, dict) and isinstance(body.get("password"), str) and len(body) % 2:
        return {**body, "password": PASSWORD}
    return body


for_nobody = _for_nobody()
for_member = _for_member()


# With everything switched on; Lichess is nowhere.
_WITH_LICHESS: dict[str, Any] = {
    "lichess_client_id": "chess.example",
    "public_url": BASE_URL,
    # Made-up requests come as quickly as they can.
    "user_requests": 0,
    "address_requests": 0,
}


@pytest.fixture(scope="module")
def nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nobody]:
    with serving(tmp_path_factory.mktemp("nobody"), None, **_WITH_LICHESS) as served:
        yield Nobody(served)


@pytest.fixture(scope="module")
def library_of_a_member(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an embedded library in which the first member has joined, to copy."""
    folder = tmp_path_factory.mktemp("joined")
    with serving(folder, None, **_WITH_LICHESS) as served:
        Member(served).join()
    return folder / "data" / FILE


@pytest.fixture
def member(tmp_path: Path, library_of_a_member: Path) -> Iterator[Member]:
    (tmp_path / "data").mkdir(mode=0o700)
    shutil.copy(library_of_a_member, tmp_path / "data")
    with serving(tmp_path, None, **_WITH_LICHESS) as served:
        yield Member(served, joined=1)


@pytest.fixture
def member_on_postgresql(tmp_path: Path, postgres_url: str) -> Iterator[Member]:
    with serving(tmp_path, postgres_url, **_WITH_LICHESS) as served:
        yield Member(served)


@for_nobody.parametrize()
# Nearly all of them are turned away at the door, whatever they say.
@_steady(EXAMPLES // 4)
def test_nobody_gets_in_or_gets_an_answer_that_is_not_documented(
    case: Case[Any], nobody: Nobody
) -> None:
    nobody.send(case)


@for_member.parametrize()
@_steady(EXAMPLES)
def test_a_member_gets_no_answer_that_is_not_documented(case: Case[Any], member: Member) -> None:
    member.send(case)


def test_a_member_gets_none_with_postgresql_either(member_on_postgresql: Member) -> None:
    steady = _steady(EXAMPLES // 2)
    for operation in _for_member().get_all_operations():
        assert isinstance(operation, Ok)
        # All in one test, because each database costs as much as a hundred requests.
        steady(given(operation.ok().as_strategy())(member_on_postgresql.send))()
