"""Jobs of analysis for tests, and hands that do their work when the test says so."""

from collections.abc import Callable
from typing import Any

from chess_analytics.engine.profile import FAST
from chess_analytics.jobs.admission import BatchWish, start_batch, start_single
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_closing import close_job_if_done
from chess_analytics.store.job_control import pause_job
from chess_analytics.store.job_sweep import sweep
from chess_analytics.store.session import Store
from chess_analytics.store.task_claims import (
    TaskClaim,
    claim_task,
    fail_task,
    finish_task,
    give_back_task,
    refuse_task,
)
from chess_analytics.store.workers import WorkerReport, see_worker
from tests.accounts import NOW_MS
from tests.library import keep_game, keep_run

# By the clock of a test, which stands in the past: the server's own sweep must not end it.
_LEASE_MS = 100 * 365 * 86_400_000


class Hands:
    """A worker without an engine: each game gets a run that was made up."""

    def __init__(self, store: Store, now_ms: Callable[[], int] = lambda: NOW_MS) -> None:
        self._store = store
        self._now_ms = now_ms

    def appear(self, *, slots: int = 2, nps: float | None = None) -> None:
        """Let the server know that somebody is at work."""
        report = WorkerReport(
            name="hands", host="here", engine="Stockfish 17", slots=slots, nps=nps,
            started_ms=self._now_ms(),
        )  # fmt: skip
        with self._store.writing() as connection:
            see_worker(connection, report, now_ms=self._now_ms())

    def begin(self, job_id: int | None = None) -> TaskClaim:
        """Take the next game, or the next of a job; there has to be one."""
        passed_over: list[TaskClaim] = []
        while True:
            with self._store.writing() as connection:
                claim = claim_task(connection, "hands", now_ms=self._now_ms(), lease_ms=_LEASE_MS)
            assert claim is not None
            if job_id in (None, claim.job_id):
                break
            passed_over.append(claim)
        with self._store.writing() as connection:
            for other in passed_over:
                give_back_task(connection, other)
        return claim

    def finish(self, claim: TaskClaim, *, cost_s: float = 4.0, was_there: bool = False) -> None:
        """End a game with a run."""
        run_id = keep_run(self._store, claim.game_id, now_ms=self._now_ms())
        with self._store.writing() as connection:
            finish_task(
                connection, claim, run_id=run_id, cost_s=cost_s, was_there=was_there,
                now_ms=self._now_ms(),
            )  # fmt: skip
        self._close(claim.job_id)

    def refuse(self, claim: TaskClaim, error: str = "the text is no game") -> None:
        """End a game that can never be analysed."""
        with self._store.writing() as connection:
            refuse_task(connection, claim, error=error, now_ms=self._now_ms())
        self._close(claim.job_id)

    def fail(self, claim: TaskClaim, error: str = "the engine died") -> None:
        """Fail at a game; it is tried again, or was three times."""
        with self._store.writing() as connection:
            fail_task(connection, claim, error=error, cost_s=1.0, now_ms=self._now_ms())
        self._close(claim.job_id)

    def do(self, games: int) -> None:
        """Do some games, one after the other."""
        for _ in range(games):
            self.finish(self.begin())

    def sweep(self) -> None:
        """Put right what nobody else does."""
        with self._store.writing() as connection:
            sweep(connection, JobLimits(), now_ms=self._now_ms())

    def _close(self, job_id: int) -> None:
        with self._store.writing() as connection:
            close_job_if_done(connection, job_id, now_ms=self._now_ms())


def keep_batch(
    store: Store,
    user_id: int,
    *,
    now_ms: int = NOW_MS,
    limits: JobLimits | None = None,
    **wish: Any,
) -> int:
    """Have all games of a user accepted that were not analysed; give the job's id."""
    wanted = BatchWish(**{"user_id": user_id, "games": GameFilter(), "profile": FAST, **wish})
    with store.writing() as connection:
        return start_batch(connection, wanted, limits or JobLimits(), now_ms=now_ms).id


def keep_single(store: Store, user_id: int, game_id: int, *, now_ms: int = NOW_MS) -> int:
    """Have a game accepted that its user waits for; give the job's id."""
    with store.writing() as connection:
        job = start_single(connection, user_id, game_id, FAST, JobLimits(), now_ms=now_ms)
    assert job is not None
    return job.id


def keep_ended_job(
    store: Store, user_id: int, game_id: int | None = None, *, is_failed: bool = False
) -> int:
    """Store a job that is over: done, or failed with a reason."""
    job_id = keep_single(store, user_id, game_id or keep_game(store, user_id))
    hands = Hands(store)
    claim = hands.begin(job_id)
    if is_failed:
        hands.refuse(claim)
    else:
        hands.finish(claim)
    return job_id


def keep_paused_job(store: Store, user_id: int) -> int:
    """Store a job that is paused."""
    job_id = keep_single(store, user_id, keep_game(store, user_id))
    with store.writing() as connection:
        pause_job(connection, user_id, job_id, now_ms=NOW_MS)
    return job_id
