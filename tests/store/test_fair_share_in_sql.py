"""The database chooses as the pure rules do, in whatever state it is."""

import random

from sqlalchemy import Connection, delete, insert, select, update

from chess_analytics.jobs.fair_share import ReadyJob, Share, begin, choose
from chess_analytics.store.job_rows import JobKind, JobState, Service, TaskState
from chess_analytics.store.job_tables import jobs, shares, tasks
from chess_analytics.store.tables import users
from tests.store.stored_jobs import NOW_MS, add_user_with_games, admit_single, claim, vtime

STATES = 12
GAMES = 12
# What can be added in any order without rounding, so that equal is equal in both.
QUARTERS = [number / 4 for number in range(24)]
TASK_STATES = [TaskState.QUEUED] * 3 + [TaskState.RUNNING, TaskState.DONE, TaskState.FAILED]


def _make_up(connection: Connection, chance: random.Random) -> None:
    """Fill the tables with users, shares, jobs and tasks in any state."""
    for number in range(chance.randint(1, 5)):
        user_id, game_ids = add_user_with_games(connection, f"user{number}", GAMES)
        if chance.random() < 0.8:
            weight = chance.choice([0.5, 1.0, 2.0])
            share = {"user_id": user_id, "vtime": chance.choice(QUARTERS), "weight": weight}
            connection.execute(insert(shares).values(share))
        for _ in range(chance.randint(1, 4)):
            some = chance.sample(game_ids, 3)
            _add_job(connection, chance, user_id, some)


def _add_job(
    connection: Connection, chance: random.Random, user_id: int, game_ids: list[int]
) -> None:
    job = {
        "user_id": user_id,
        "kind": JobKind.SINGLE,
        "service": chance.choice(list(Service)),
        "state": chance.choice([*JobState, JobState.RUNNING, JobState.RUNNING, JobState.PENDING]),
        "profile": "fast",
        "wanted": "{}",
        "priority": chance.randint(-1, 1),
        "total": len(game_ids),
        "created_ms": NOW_MS,
    }
    job_id = connection.execute(insert(jobs).values(job).returning(jobs.c.id)).scalar_one()
    for ordinal, game_id in enumerate(game_ids, 1):
        state = chance.choice(TASK_STATES)
        if state is TaskState.RUNNING and _is_at_work_on(connection, game_id):
            state = TaskState.QUEUED
        task = {
            "job_id": job_id,
            "user_id": user_id,
            "game_id": game_id if chance.random() < 0.9 else None,
            "ordinal": ordinal,
            "state": state,
            "not_before_ms": chance.choice([0, 0, 0, NOW_MS + 1]),
            "estimate_s": chance.choice(QUARTERS),
        }
        connection.execute(insert(tasks).values(task))


def _is_at_work_on(connection: Connection, game_id: int) -> bool:
    at_work = select(tasks.c.id).where(tasks.c.state == "running", tasks.c.game_id == game_id)
    return connection.execute(at_work).first() is not None


def _shares(connection: Connection) -> dict[int, Share]:
    found = {row.id: Share() for row in connection.execute(select(users.c.id))}
    for row in connection.execute(select(shares)):
        found[row.user_id] = Share(row.vtime, row.weight)
    for row in connection.execute(select(tasks).where(tasks.c.state == "running")):
        had = found[row.user_id]
        found[row.user_id] = Share(had.vtime, had.weight, had.running_s + row.estimate_s)
    return found


def _ready(connection: Connection) -> list[ReadyJob]:
    """List the jobs of which a task can be claimed, as one would by hand."""
    everything = connection.execute(select(tasks)).all()
    at_work = {task.game_id for task in everything if task.state == "running"} - {None}
    can_be_claimed = {
        task.job_id
        for task in everything
        if task.state == "queued"
        and task.not_before_ms <= NOW_MS
        and task.game_id is not None
        and task.game_id not in at_work
    }
    return [
        ReadyJob(job.id, job.user_id, job.service, job.priority)
        for job in connection.execute(select(jobs))
        if job.state in {"pending", "running"} and job.id in can_be_claimed
    ]


def test_the_database_chooses_the_job_that_the_rules_choose(connection: Connection) -> None:
    chosen = 0
    for seed in range(STATES):
        connection.execute(delete(users))
        _make_up(connection, random.Random(seed))
        for _ in range(8):
            expected = choose(_ready(connection), _shares(connection))
            taken = claim(connection)
            assert (taken and taken.job_id) == (expected and expected.job_id), seed
            chosen += taken is not None
    assert chosen > STATES


def test_the_database_lets_users_begin_where_the_rules_do(connection: Connection) -> None:
    raised = 0
    for seed in range(STATES):
        connection.execute(delete(users))
        _make_up(connection, random.Random(seed))
        user_id, [game_id] = add_user_with_games(connection, "newcomer", 1)
        own = seed % 3 * 4.25
        if own:
            connection.execute(insert(shares).values(user_id=user_id, vtime=own))
        everybody = _shares(connection)
        ready = {job.user_id for job in _ready(connection)}
        expected = begin(everybody[user_id], [everybody[it] for it in ready], everybody.values())
        admit_single(connection, user_id, game_id)
        assert vtime(connection, user_id) == expected.vtime, seed
        raised += expected.vtime > own
    assert 0 < raised < STATES


def test_who_has_work_already_does_not_begin_anew(connection: Connection) -> None:
    ada, games_of_ada = add_user_with_games(connection, "ada", 2)
    bob, games_of_bob = add_user_with_games(connection, "bob", 1)
    admit_single(connection, ada, games_of_ada[0])
    admit_single(connection, bob, games_of_bob[0])
    connection.execute(update(shares).where(shares.c.user_id == bob).values(vtime=50))
    admit_single(connection, ada, games_of_ada[1])
    assert vtime(connection, ada) == 0
