"""What the machinery of jobs costs: tasks a second without an engine, and Stockfish's share."""

import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

from sqlalchemy import insert
from tests.library import keep_game

from bench.archives import some_games
from bench.instant import Instants
from bench.stores import KINDS, database_of, empty_store
from chess_analytics.engine.discovery import Places
from chess_analytics.engine.uci import UciSettings
from chess_analytics.jobs.beat import Upkeep
from chess_analytics.jobs.engine_supply import EngineSource, InstalledEngine
from chess_analytics.jobs.local import LocalWorkers, WorkPlan
from chess_analytics.store.job_admission import JobLimits, NewJob, NewTask, admit_job
from chess_analytics.store.job_control import cancel_job
from chess_analytics.store.job_rows import JobKind, Service, StoredJob
from chess_analytics.store.jobs import find_job
from chess_analytics.store.session import Store, open_store
from chess_analytics.store.tables import users
from chess_analytics.store.workers import count_slots

TASKS = 1000
SLOTS = 2
PROCESSES = 2
# Looking for a job's end costs what one task does: rarely where what it costs is measured.
LOOK_S = 0.25
RARE_LOOK_S = 3.0
PLIES = 4
# As many games as take about a minute with the profile.
GAMES = {"fast": 6, "standard": 3}
CANCELS = 5
GOAL_TASKS_PER_S = 300
GOAL_ENGINE_SHARE = 0.97
GOAL_CANCEL_S = 2.0
# The kernel counts CPU time in hundredths of a second: an engine that works shows in three looks.
_STILL_S = 0.05


def measure() -> dict[str, Any]:
    """Work off jobs without an engine's work on both databases, and with Stockfish on SQLite."""
    return {
        "tasks": TASKS,
        "plies_a_game": PLIES,
        "slots": SLOTS,
        # The threads of slots share one interpreter: without engines they cost each other time.
        "tasks_per_s_of_one_slot": {kind: round(_tasks_per_s(kind, 1)) for kind in KINDS},
        "tasks_per_s": {kind: round(_tasks_per_s(kind, SLOTS)) for kind in KINDS},
        "processes": PROCESSES,
        "tasks_per_s_of_processes_with_a_slot_each": round(_tasks_per_s_of_processes()),
        "goal_tasks_per_s": GOAL_TASKS_PER_S,
        "engine_share_of_cpu": {
            profile: round(_engine_share(profile, games), 4) for profile, games in GAMES.items()
        },
        "goal_engine_share": GOAL_ENGINE_SHARE,
        "engines_work_on_s_after_a_cancel": [round(it, 2) for it in _s_after_cancels()],
        "goal_cancel_s": GOAL_CANCEL_S,
    }


def _tasks_per_s(kind: str, slots: int) -> float:
    with empty_store(kind) as store, _at_work(store, Instants(), slots):
        user = _user(store)
        return TASKS / _seconds(store, user, _short_games(store, user), "nodes-100")


def _tasks_per_s_of_processes() -> float:
    """Do the same on PostgreSQL with worker processes beside each other, as ``worker`` is one."""
    spawning = multiprocessing.get_context("spawn")
    is_over = spawning.Event()
    with database_of("postgresql") as url, open_store(Path(), url) as store:
        crew = [spawning.Process(target=_be_worker, args=(url, is_over)) for _ in range(PROCESSES)]
        for process in crew:
            process.start()
        try:
            user = _user(store)
            games = _short_games(store, user)
            # What a process needs to start is no cost of a task.
            while _slots_at_work(store) < PROCESSES:
                time.sleep(LOOK_S)
            return TASKS / _seconds(store, user, games, "nodes-100")
        finally:
            is_over.set()
            for process in crew:
                process.join()


def _slots_at_work(store: Store) -> int:
    with store.reading() as connection:
        return count_slots(connection, 0)


def _be_worker(url: str, is_over: Event) -> None:
    with open_store(Path(), url) as store, _at_work(store, Instants(), 1):
        is_over.wait()


def _engine_share(profile: str, many: int) -> float:
    """Give the engines' share of all CPU time that a job costs, its saving included.

    What a worker does but once, for its first game, was done for another game before.
    """
    source = InstalledEngine(None, Places.here(), UciSettings())
    with empty_store("sqlite") as store:
        user = _user(store)
        with _at_work(store, Instants(), 1):
            _seconds(store, user, [keep_game(store, user, "1. e4 e5 2. Nf3 Nc6 *")], "fast")
        games = [keep_game(store, user, game) for game in some_games(many)]
        before = _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
        with _at_work(store, source, SLOTS):
            _seconds(store, user, games, profile, look_s=RARE_LOOK_S)
        own = _cpu(resource.RUSAGE_SELF) - before[0]
        engines = _cpu(resource.RUSAGE_CHILDREN) - before[1]
    return engines / (own + engines)


def _s_after_cancels() -> list[float]:
    """Cancel jobs at different moments; give how long engines worked on each time."""
    source = InstalledEngine(None, Places.here(), UciSettings())
    with empty_store("sqlite") as store, _at_work(store, source, SLOTS):
        user = _user(store)
        games = [keep_game(store, user, game) for game in some_games(GAMES["standard"])]
        return [_s_after_cancel(store, user, games, 2 + 0.3 * turn) for turn in range(CANCELS)]


def _s_after_cancel(store: Store, user: int, games: list[int], after_s: float) -> float:
    job = _order(store, user, games, "standard")
    while _look(store, user, job).started_ms is None:
        time.sleep(_STILL_S)
    time.sleep(after_s)
    assert _engines_work(), "nothing to stop"
    began_s = last_s = time.monotonic()
    with store.writing() as connection:
        cancel_job(connection, user, job, now_ms=_now_ms())
    while time.monotonic() - last_s < GOAL_CANCEL_S:
        if _engines_work():
            last_s = time.monotonic()
    return last_s - began_s


def _engines_work() -> bool:
    """Tell whether an engine of ours used CPU time in a moment."""
    before = _children_cpu()
    time.sleep(_STILL_S)
    return before != _children_cpu()


def _children_cpu() -> dict[str, list[str]]:
    """Give the CPU time of each child of this process, as the kernel counts it (Linux)."""
    found = {}
    for process in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # After the name, which may hold anything: state, parent, …, user and system time.
            fields = process.read_text(encoding="utf-8").rpartition(")")[2].split()
            if int(fields[1]) == os.getpid():
                found[process.parent.name] = fields[11:13]
    return found


@contextmanager
def _at_work(store: Store, source: EngineSource, slots: int) -> Iterator[None]:
    upkeep = Upkeep(JobLimits(), most_evaluations=1_000_000)
    workers = LocalWorkers(store, source, WorkPlan(slots=slots, upkeep=upkeep))
    workers.start()
    try:
        yield
    finally:
        workers.stop()


def _seconds(
    store: Store, user: int, games: list[int], profile: str, *, look_s: float = LOOK_S
) -> float:
    """Have games analysed as a job; give the seconds from its first claim to its end."""
    job = _order(store, user, games, profile)
    while True:
        threading.Event().wait(look_s)
        found = _look(store, user, job)
        if found.started_ms is not None and found.ended_ms is not None:
            return (found.ended_ms - found.started_ms) / 1000


def _order(store: Store, user: int, games: list[int], profile: str) -> int:
    new = NewJob(
        user_id=user,
        kind=JobKind.BATCH,
        service=Service.BATCH,
        profile=profile,
        wanted_json="{}",
    )
    with store.writing() as connection:
        wanted = [NewTask(game_id, 1.0) for game_id in games]
        return admit_job(connection, new, wanted, JobLimits(), now_ms=_now_ms()).id


def _look(store: Store, user: int, job_id: int) -> StoredJob:
    with store.reading() as connection:
        job = find_job(connection, user, job_id)
    assert job is not None
    return job


def _short_games(store: Store, user: int) -> list[int]:
    return [keep_game(store, user, "1. e4 e5 2. Nf3 Nc6 *") for _ in range(TASKS)]


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
