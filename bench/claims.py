"""How many games are claimed and saved a second, and how evenly among users, without any engine."""

import os
import threading
import time
from collections import Counter
from typing import Any

from sqlalchemy import select

from bench.big_library import add_user
from bench.stores import KINDS, empty_store
from chess_analytics.games.model import Result, Site, Variant
from chess_analytics.store.games import NewGame, insert_games
from chess_analytics.store.job_admission import JobLimits, NewJob, NewTask, admit_job
from chess_analytics.store.job_rows import JobKind, Service
from chess_analytics.store.job_tables import tasks
from chess_analytics.store.session import Store
from chess_analytics.store.task_claims import claim_task, finish_task, hold_task

GOAL_PER_S = 300
USERS = 50
GAMES_A_USER = 200
THREADS = (1, 8)
# Enough to measure, and few enough that most of the tasks are still queued at the end.
_MEASURED = 2000
_NOW_MS = 1_700_000_000_000
_LEASE_MS = 60_000
_LIMITS = JobLimits(places=USERS)


def measure() -> dict[str, Any]:
    """Claim and save tasks of many users in both databases, in one thread and in several."""
    return {
        "goal_per_s": GOAL_PER_S,
        "users": USERS,
        "queued": USERS * GAMES_A_USER,
        **{kind: _measure(kind) for kind in KINDS},
        # How many processes wanted the machine's cores at the end; 1 would be this one alone.
        "load": round(os.getloadavg()[0], 1),
    }


def _measure(kind: str) -> dict[str, Any]:
    results: dict[str, Any] = {}
    for threads in THREADS:
        with empty_store(kind) as store:
            began = time.perf_counter()
            _fill(store)
            filled_s = time.perf_counter() - began
            results["accepted_tasks_per_s"] = round(USERS * GAMES_A_USER / filled_s)
            results[f"{threads}_threads"] = _claim_all(store, threads)
    return results


def _fill(store: Store) -> None:
    for number in range(USERS):
        user_id, _ = add_user(store, f"user{number}")
        with store.writing() as connection:
            games = [_game(place) for place in range(GAMES_A_USER)]
            ids = insert_games(connection, user_id, None, games, now_ms=_NOW_MS)
        new = NewJob(
            user_id=user_id,
            kind=JobKind.BATCH,
            service=Service.BATCH,
            profile="fast",
            wanted_json="{}",
        )
        with store.writing() as connection:
            wanted = [NewTask(game_id, 10.0) for game_id in ids]
            admit_job(connection, new, wanted, _LIMITS, now_ms=_NOW_MS)


def _claim_all(store: Store, threads: int) -> dict[str, Any]:
    """Claim and save in so many threads; each is a transaction, as it is for workers."""
    left = threading.Semaphore(_MEASURED)
    claim_s: list[float] = []
    finish_s: list[float] = []

    def work(worker: str) -> None:
        while left.acquire(blocking=False):
            began = time.perf_counter()
            with store.writing() as connection:
                claim = claim_task(connection, worker, now_ms=_NOW_MS, lease_ms=_LEASE_MS)
            assert claim is not None
            between = time.perf_counter()
            with store.writing() as connection:
                hold_task(connection, claim)
                finish_task(
                    connection, claim, run_id=1, cost_s=10.0, was_there=False, now_ms=_NOW_MS
                )
            claim_s.append(between - began)
            finish_s.append(time.perf_counter() - between)

    workers = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(threads)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    took_s = time.perf_counter() - began
    had = _had(store)
    return {
        "claimed_and_saved_per_s": round(_MEASURED / took_s),
        "claim_ms_median": _median_ms(claim_s),
        "finish_ms_median": _median_ms(finish_s),
        "fewest_of_a_user": min(had.values()),
        "most_of_a_user": max(had.values()),
    }


def _had(store: Store) -> Counter[int]:
    with store.reading() as connection:
        done = select(tasks.c.user_id).where(tasks.c.state == "done")
        return Counter(connection.execute(done).scalars())


def _median_ms(times_s: list[float]) -> float:
    return round(sorted(times_s)[len(times_s) // 2] * 1000, 2)


def _game(number: int) -> NewGame:
    return NewGame(
        moves_key=f"{number:032d}",
        site=Site.OTHER,
        site_id=None,
        variant=Variant.STANDARD,
        white=None,
        black=None,
        white_rating=None,
        black_rating=None,
        result=Result.UNKNOWN,
        played_ms=number,
        time_control=None,
        speed=None,
        eco=None,
        opening=None,
        plies=60,
        player_id=None,
        color=None,
        outcome=None,
        rating=None,
        opponent=None,
        opponent_rating=None,
        pgn="*\n",
        headers={},
    )
