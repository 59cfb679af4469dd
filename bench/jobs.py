"""What the machinery of jobs costs: tasks a second without an engine, and Stockfish's share."""

import resource
import threading
import time
from typing import Any

from sqlalchemy import insert
from tests.library import keep_game

from bench.archives import some_games
from bench.stores import KINDS, empty_store
from chess_analytics.engine.discovery import Places
from chess_analytics.engine.evaluation import (
    EngineIdentity,
    Evaluation,
    Line,
    Score,
    SearchRequest,
)
from chess_analytics.engine.uci import UciSettings
from chess_analytics.jobs.beat import Upkeep
from chess_analytics.jobs.engine_supply import EngineSource, InstalledEngine
from chess_analytics.jobs.local import LocalWorkers, WorkPlan
from chess_analytics.store.job_admission import JobLimits, NewJob, NewTask, admit_job
from chess_analytics.store.job_rows import JobKind, Service
from chess_analytics.store.jobs import find_job
from chess_analytics.store.session import Store
from chess_analytics.store.tables import users

TASKS = 1000
SLOTS = 2
PLIES = 4
GAMES = 6
GOAL_TASKS_PER_S = 300
GOAL_ENGINE_SHARE = 0.97


def measure() -> dict[str, Any]:
    """Work off jobs without an engine's work on both databases, and with Stockfish on SQLite."""
    return {
        "tasks": TASKS,
        "plies_a_game": PLIES,
        "slots": SLOTS,
        "tasks_per_s": {kind: round(_tasks_per_s(kind)) for kind in KINDS},
        "goal_tasks_per_s": GOAL_TASKS_PER_S,
        "engine_share_of_cpu": round(_engine_share(), 4),
        "goal_engine_share": GOAL_ENGINE_SHARE,
    }


class _Instant:
    """An engine that answers at once."""

    identity = EngineIdentity("Instant 1", None, ())

    def new_game(self) -> None:
        pass

    def search(self, request: SearchRequest) -> Evaluation:
        return Evaluation(Line(Score(cp=20), ("a1a1",)), depth=1, nodes=request.nodes)

    def interrupt(self) -> None:
        pass

    def close(self) -> None:
        pass


class _Instants:
    def look(self) -> str:
        return "nothing but answers"

    def start(self) -> _Instant:
        return _Instant()


def _tasks_per_s(kind: str) -> float:
    with empty_store(kind) as store:
        user = _user(store)
        games = [keep_game(store, user, "1. e4 e5 2. Nf3 Nc6 *") for _ in range(TASKS)]
        seconds = _work_off(store, _Instants(), user, games, "nodes-100")
    return TASKS / seconds


def _engine_share() -> float:
    """Give the engines' share of all CPU time that a job costs, its saving included."""
    uci = UciSettings()
    with empty_store("sqlite") as store:
        user = _user(store)
        games = [keep_game(store, user, game) for game in some_games(GAMES)]
        before = _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
        _work_off(store, InstalledEngine(None, Places.here(), uci), user, games, "fast")
        own = _cpu(resource.RUSAGE_SELF) - before[0]
        engines = _cpu(resource.RUSAGE_CHILDREN) - before[1]
    return engines / (own + engines)


def _work_off(
    store: Store, source: EngineSource, user: int, games: list[int], profile: str
) -> float:
    """Analyse games as a job; give the seconds from its first claim to its end."""
    plan = WorkPlan(slots=SLOTS, upkeep=Upkeep(JobLimits(), most_evaluations=1_000_000))
    new = NewJob(
        user_id=user,
        kind=JobKind.BATCH,
        service=Service.BATCH,
        profile=profile,
        wanted_json="{}",
    )
    with store.writing() as connection:
        wanted = [NewTask(game_id, 1.0) for game_id in games]
        job = admit_job(connection, new, wanted, plan.upkeep.limits, now_ms=_now_ms())
    workers = LocalWorkers(store, source, plan)
    began_s = time.monotonic()
    workers.start()
    try:
        while not _has_ended(store, user, job.id):
            threading.Event().wait(0.02)
        return time.monotonic() - began_s
    finally:
        workers.stop()


def _has_ended(store: Store, user: int, job_id: int) -> bool:
    with store.reading() as connection:
        job = find_job(connection, user, job_id)
    return job is None or job.ended_ms is not None


def _user(store: Store) -> int:
    new = insert(users).values(name="ada", name_key="ada", is_admin=False, created_ms=0)
    with store.writing() as connection:
        user_id: int = connection.execute(new.returning(users.c.id)).scalar_one()
    return user_id


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _cpu(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime
