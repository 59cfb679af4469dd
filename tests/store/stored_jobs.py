"""Users with games, and jobs for them, for tests of jobs."""

from typing import Any

from sqlalchemy import Connection, select

from chess_analytics.store.games import insert_games
from chess_analytics.store.job_admission import JobLimits, NewJob, NewTask, admit_job
from chess_analytics.store.job_rows import JobKind, Service, StoredJob, StoredTask, TaskCounts
from chess_analytics.store.job_tables import shares
from chess_analytics.store.jobs import find_job, task_counts, tasks_after
from chess_analytics.store.task_claims import TaskClaim, claim_task, finish_task
from tests.store.stored_games import add_user, new_game

NOW_MS = 1_700_000_000_000
LEASE_MS = 60_000
MANY_PLACES = JobLimits(places=1000)


def add_user_with_games(connection: Connection, name: str, count: int) -> tuple[int, list[int]]:
    """Add a user with so many games; give the ids of both."""
    user_id = add_user(connection, name)
    new = [new_game(moves_key=f"{number:032d}", plies=40) for number in range(count)]
    return user_id, insert_games(connection, user_id, None, new, now_ms=NOW_MS)


def admit(
    connection: Connection,
    user_id: int,
    game_ids: list[int],
    limits: JobLimits = MANY_PLACES,
    *,
    estimate_s: float = 8.0,
    now_ms: int = NOW_MS,
    **values: Any,
) -> StoredJob:
    """Have a job for these games accepted; ``values`` say how it differs from a plain batch."""
    plain: dict[str, Any] = {
        "user_id": user_id,
        "kind": JobKind.BATCH,
        "service": Service.BATCH,
        "profile": "fast",
        "wanted_json": "{}",
    }
    wanted = [NewTask(game_id, estimate_s) for game_id in game_ids]
    return admit_job(connection, NewJob(**(plain | values)), wanted, limits, now_ms=now_ms)


def admit_single(connection: Connection, user_id: int, game_id: int, **values: Any) -> StoredJob:
    """Have a job for one game accepted, for which somebody waits."""
    single = {"kind": JobKind.SINGLE, "service": Service.INTERACTIVE}
    return admit(connection, user_id, [game_id], **(single | values))


def add_job(connection: Connection, name: str, count: int = 1, **values: Any) -> StoredJob:
    """Add a user with so many games, and a batch for all of them."""
    user_id, game_ids = add_user_with_games(connection, name, count)
    return admit(connection, user_id, game_ids, **values)


def claim(connection: Connection, worker: str = "w", *, now_ms: int = NOW_MS) -> TaskClaim | None:
    """Claim the next task."""
    return claim_task(connection, worker, now_ms=now_ms, lease_ms=LEASE_MS)


def claimed(connection: Connection, worker: str = "w", *, now_ms: int = NOW_MS) -> TaskClaim:
    """Claim the next task, of which there has to be one."""
    taken = claim(connection, worker, now_ms=now_ms)
    assert taken is not None
    return taken


def finish(
    connection: Connection, taken: TaskClaim, *, cost_s: float = 8.0, now_ms: int = NOW_MS
) -> None:
    """End a task with a run."""
    finish_task(connection, taken, run_id=1, cost_s=cost_s, was_there=False, now_ms=now_ms)


def look(connection: Connection, job: StoredJob) -> StoredJob:
    """Give a job as it is now."""
    found = find_job(connection, job.user_id, job.id)
    assert found is not None
    return found


def counted(connection: Connection, job: StoredJob) -> TaskCounts:
    """Count a job's tasks."""
    return task_counts(connection, [job.id])[job.id]


def task_of(connection: Connection, job: StoredJob, ordinal: int = 1) -> StoredTask:
    """Give one task of a job."""
    [task] = tasks_after(connection, job.id, ordinal - 1, 1)
    return task


def vtime(connection: Connection, user_id: int) -> float:
    """Give what a user's finished tasks have cost."""
    found: float = connection.execute(
        select(shares.c.vtime).where(shares.c.user_id == user_id)
    ).scalar_one()
    return found
