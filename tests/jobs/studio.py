"""Jobs for tests: users with short games, engines of the test's own, and workers that do them."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert, select, update

from chess_analytics.engine.evaluation import (
    EngineError,
    Evaluation,
    SearchRequest,
)
from chess_analytics.engine.pool import PooledEngine
from chess_analytics.engine.process import SearchInterrupted
from chess_analytics.jobs.beat import Upkeep
from chess_analytics.jobs.engine_supply import EngineSource
from chess_analytics.jobs.local import LocalWorkers, WorkPlan
from chess_analytics.store.job_admission import JobLimits, NewJob, NewTask, admit_job
from chess_analytics.store.job_rows import JobKind, Service, StoredJob, StoredTask
from chess_analytics.store.job_tables import tasks
from chess_analytics.store.jobs import find_job, tasks_after
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.runs import GameRun, runs_of_game
from chess_analytics.store.session import Store
from chess_analytics.store.tables import game_texts, users
from tests.accounts import NOW_MS
from tests.fakes import FakeEngine
from tests.library import keep_game

LONG_ENOUGH_S = 60
LIMITS = JobLimits(places=10)
UPKEEP = Upkeep(LIMITS, most_evaluations=1000, sweep_s=0.1)
# Different games, or their evaluations would say nothing of which is which.
FIRST_MOVES = ("e4", "d4", "c4", "Nf3", "f4", "b3", "g3", "Nc3", "e3", "d3", "c3", "a3", "h3", "b4")


def wait_until(claim: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LONG_ENOUGH_S
    while not claim():
        assert time.monotonic() < deadline, "waited too long"
        threading.Event().wait(0.01)


class TestEngine(FakeEngine):
    """A fake that can be held in the middle of a search, and hears of interruptions at once."""

    __test__ = False

    def __init__(self, source: "TestSource") -> None:
        super().__init__()
        self._source = source
        self._is_interrupted = threading.Event()

    def search(self, request: SearchRequest) -> Evaluation:
        self._source.meet(request, self._is_interrupted)
        return super().search(request)

    def interrupt(self) -> None:
        self._is_interrupted.set()


@dataclass
class TestSource:
    """Starts fakes; ``holds`` picks the searches that do not end before `release`."""

    __test__ = False

    holds: Callable[[SearchRequest], bool] = lambda _request: False
    fails: Callable[[SearchRequest], Exception | None] = lambda _request: None
    missing: str | None = None
    """Why no engine can be found."""
    started: list[TestEngine] = field(default_factory=list)
    held: threading.Event = field(default_factory=threading.Event)
    interrupted: threading.Event = field(default_factory=threading.Event)
    _released: threading.Event = field(default_factory=threading.Event)

    def look(self) -> str:
        if self.missing:
            raise EngineError(self.missing)
        return "a fake"

    def start(self) -> PooledEngine:
        self.look()
        self.started.append(TestEngine(self))
        return self.started[-1]

    @property
    def searches(self) -> int:
        return sum(len(engine.asked) for engine in self.started)

    def release(self) -> None:
        """Let all searches end, from now on."""
        self._released.set()

    def meet(self, request: SearchRequest, is_interrupted: threading.Event) -> None:
        if self.holds(request) and not self._released.is_set():
            self.held.set()
            wait_until(lambda: self._released.is_set() or is_interrupted.is_set())
        if is_interrupted.is_set():
            self.interrupted.set()
            raise SearchInterrupted("The fake was stopped on request.")
        if error := self.fails(request):
            raise error


@dataclass
class Studio:
    """A store with users and games, and a clock of leases that can be put forward."""

    store: Store
    ahead_ms: int = 0

    def clock(self, connection: Connection) -> int:
        return lease_clock(self.store)(connection) + self.ahead_ms

    def add_user(self, name: str = "ada") -> int:
        new = insert(users).values(name=name, name_key=name, is_admin=False, created_ms=NOW_MS)
        with self.store.writing() as connection:
            user_id: int = connection.execute(new.returning(users.c.id)).scalar_one()
        return user_id

    def games(self, user_id: int, count: int) -> list[int]:
        """Store short games, each another one."""
        return [
            keep_game(self.store, user_id, f"1. {FIRST_MOVES[number]} e6 2. h4 Nh6 *")
            for number in range(count)
        ]

    def job(
        self,
        user_id: int,
        game_ids: Sequence[int],
        *,
        kind: JobKind = JobKind.BATCH,
        profile: str = "nodes-100",
        limits: JobLimits = LIMITS,
    ) -> int:
        service = Service.BATCH if kind is JobKind.BATCH else Service.INTERACTIVE
        new = NewJob(user_id=user_id, kind=kind, service=service, profile=profile, wanted_json="{}")
        wanted = [NewTask(game_id, 1.0) for game_id in game_ids]
        with self.store.writing() as connection:
            return admit_job(connection, new, wanted, limits, now_ms=self.clock(connection)).id

    def look(self, user_id: int, job_id: int) -> StoredJob:
        with self.store.reading() as connection:
            found = find_job(connection, user_id, job_id)
        assert found is not None
        return found

    def tasks(self, job_id: int) -> list[StoredTask]:
        with self.store.reading() as connection:
            return tasks_after(connection, job_id, 0, 1000)

    def attempts(self, job_id: int) -> list[int]:
        return [task.attempts for task in self.tasks(job_id)]

    def runs(self, game_id: int) -> list[GameRun]:
        with self.store.reading() as connection:
            return runs_of_game(connection, game_id)

    def spoil(self, game_id: int) -> None:
        """Make the text of a stored game one that is no game."""
        with self.store.writing() as connection:
            where = game_texts.c.game_id == game_id
            connection.execute(update(game_texts).where(where).values(pgn="1. e9 nonsense"))

    def is_free(self) -> bool:
        """Tell whether no task is held by anybody."""
        with self.store.reading() as connection:
            held = select(tasks.c.id).where(tasks.c.lease_ms.is_not(None))
            return connection.execute(held).first() is None

    @contextmanager
    def workers(
        self, source: EngineSource, *, store: Store | None = None, slots: int = 2, **plan: Any
    ) -> Iterator[LocalWorkers]:
        chosen = WorkPlan(**{"slots": slots, "upkeep": UPKEEP, "again_s": 0.05, **plan})
        workers = LocalWorkers(store or self.store, source, chosen, clock=self.clock)
        workers.start()
        try:
            yield workers
        finally:
            workers.halt()
            workers.stop()
