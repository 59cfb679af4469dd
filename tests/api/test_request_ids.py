"""Every answer bears a number under which the log tells of it."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from chess_analytics.api.identity import Who
from chess_analytics.observability.context import current_ids
from tests.api.serving import Served, serving
from tests.library import id_of


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """Run the application, on SQLite alone: no database is asked for this."""
    with serving(tmp_path, None) as running:
        yield running


class _Heard(logging.Handler):
    """Keeps what was logged, with the numbers that it bears."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[tuple[str, dict[str, int | str]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append((record.getMessage(), dict(current_ids())))

    def said(self, start: str) -> dict[str, int | str]:
        (ids,) = [ids for words, ids in self.lines if words.startswith(start)]
        return ids


@pytest.fixture
def heard() -> Iterator[_Heard]:
    log, heard = logging.getLogger("chess_analytics"), _Heard()
    level = log.level
    log.addHandler(heard)
    log.setLevel(logging.INFO)
    yield heard
    log.removeHandler(heard)
    log.setLevel(level)


def test_answers_bear_numbers_that_never_come_twice(served: Served) -> None:
    anonymous = served.client()
    answers = [anonymous.get(path) for path in ("health", "nowhere", "me")]
    # Refused before anything else is done with it.
    answers.append(anonymous.get("health", headers={"Host": "evil.example"}))
    assert [answer.status_code for answer in answers] == [200, 404, 401, 421]
    numbers = {answer.headers["x-request-id"] for answer in answers}
    assert len(numbers) == 4
    assert {len(number) for number in numbers} == {16}


@pytest.mark.parametrize(
    ("given", "is_kept"),
    [("4f1c-22.from_proxy", True), ("short", False), ("two\twords", False), ("x" * 65, False)],
)
def test_a_number_from_a_proxy_stays_if_it_is_one(
    served: Served, given: str, *, is_kept: bool
) -> None:
    answer = served.client().get("health", headers={"X-Request-Id": given})
    assert (answer.headers["x-request-id"] == given) == is_kept


def test_the_log_tells_of_an_answer_under_its_number_and_its_users(
    served: Served, heard: _Heard
) -> None:
    ada = served.sign_up("ada")
    answer = ada.get("games/999")
    ids = heard.said("request.answered GET /api/v1/games/{game_id} 404 ")
    assert ids == {"request": answer.headers["x-request-id"], "user": id_of(ada)}
    assert current_ids() == {}


def test_where_we_failed_the_answer_says_under_which_number_the_log_tells_why(
    served: Served, heard: _Heard
) -> None:
    async def fail() -> Who:
        raise ZeroDivisionError("mallory's fault")

    served.app.add_api_route("/api/v1/failing", fail)
    # Before the pages, which answer for every address.
    served.app.router.routes.insert(0, served.app.router.routes.pop())
    answer = served.client().get("failing")
    assert (answer.status_code, answer.json()["type"]) == (500, "server-fault")
    assert answer.headers["x-request-id"] in answer.json()["detail"]
    # A name that no number written in hexadecimal digits can hold.
    assert "mallory" not in answer.text
    ids = heard.said("request.fault GET ZeroDivisionError")
    assert ids == {"request": answer.headers["x-request-id"]}
