"""A small crowd on a small fleet: nobody meets a fault, and who asks too often is told to wait."""

import asyncio
from pathlib import Path

import pytest
from bench.load.answers import NONE, Answer, error_budget, report
from bench.load.play import Script, play
from bench.load.stage import Cast, Plan, files_of_games, staged

CAST = Cast(browsing=6, importing=2, analysing=2, scripts=1, games=6, imported=4, files=9, batch=4)
PLAN = Plan(
    servers=1,
    workers=1,
    slots=1,
    engine_ms=0,
    settings={
        "CHESS_ANALYTICS_JOB_LINE": "true",
        "CHESS_ANALYTICS_JOB_PLACES": "1",
        "CHESS_ANALYTICS_USER_REQUESTS": "60",
    },
)


EVERYTHING = {
    "POST /sessions",
    "POST /imports",
    "GET /imports/{id}",
    "POST /analysis-jobs",
    "GET /analysis-jobs/{id}/events",
    "GET /games/{id}",
    "GET /games/{id}/runs/{id}/review",
    "GET /insights/findings",
}
LONG_ENOUGH_S = 120


def _has_seen_everything(answers: list[Answer]) -> bool:
    done = {it.route for it in answers if it.status < 400}
    refused = {it.route for it in answers if it.status == 429}
    return done >= EVERYTHING and refused >= {"GET /games", "POST /analysis-jobs"}


@pytest.mark.enable_socket
def test_a_crowd_meets_no_fault_and_who_asks_too_often_hears_when_to_come_again(
    postgres_url: str, tmp_path: Path
) -> None:
    script = Script(
        files=files_of_games(CAST),
        most_s=LONG_ENOUGH_S,
        page_s=1.2,
        is_enough=_has_seen_everything,
    )
    with staged(tmp_path, postgres_url, PLAN, CAST) as seats:
        answers = asyncio.run(play(seats, script)).answers
    assert _has_seen_everything(answers)
    assert not [it for it in answers if it.status >= 500 or it.status == NONE]
    refused = [it for it in answers if it.status == 429]
    assert all(int(it.retry_after or 0) >= 1 for it in refused)
    assert {it.status for it in answers} <= {200, 201, 202, 304, 429}


def test_a_report_tells_routes_apart_and_leaves_out_the_time_before() -> None:
    answers = [
        Answer("GET /me", 200, at_s=1, seconds=9.0),
        *(Answer("GET /me", 200, at_s=2, seconds=0.001 * it) for it in range(1, 101)),
        Answer("GET /insights/findings", 503, at_s=2, seconds=0.5, retry_after="5"),
    ]
    told = report(answers, since_s=2)
    assert told["cheap_reads"] == {
        "count": 100, "p50_ms": 50.0, "p95_ms": 95.0, "p99_ms": 99.0, "most_ms": 100.0
    }  # fmt: skip
    assert told["routes"]["GET /insights/findings"]["statuses"] == {"503": 1}


def test_the_budget_counts_faults_refusals_and_what_was_never_answered() -> None:
    statuses = [200] * 6 + [500, NONE, 429, 429]
    answers = [Answer("GET /me", status, at_s=0, seconds=0) for status in statuses[:-1]]
    answers.append(Answer("GET /me", statuses[-1], at_s=0, seconds=0, retry_after="7"))
    assert error_budget(answers) == {
        "requests": 10,
        "share_5xx": 0.1,
        "share_without_answer": 0.1,
        "share_429": 0.2,
        "share_of_429_with_retry_after": 0.5,
    }
