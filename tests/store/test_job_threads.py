"""Whatever several threads do at once: no task in two hands, no limit passed."""

from sqlalchemy import Connection, select

from chess_analytics.jobs.places import give_places
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_closing import close_job_if_done
from chess_analytics.store.job_control import cancel_job
from chess_analytics.store.job_refusals import JobRunning, ServerFull
from chess_analytics.store.job_rows import JobState, StoredJob, TaskState
from chess_analytics.store.job_tables import jobs, tasks
from chess_analytics.store.session import Store
from chess_analytics.store.task_claims import TaskClaim, hold_task
from tests.store.stored_jobs import (
    NOW_MS,
    add_user_with_games,
    admit,
    admit_single,
    claim,
    finish,
    look,
    vtime,
)
from tests.threads import at_once

NAMES = ("ada", "bob", "eve")


def _games_at_work(connection: Connection) -> list[int | None]:
    wanted = select(tasks.c.game_id).where(tasks.c.state == TaskState.RUNNING)
    return list(connection.execute(wanted).scalars())


def test_no_task_and_no_game_is_in_two_hands(store: Store) -> None:
    accepted: list[StoredJob] = []
    with store.writing() as connection:
        for name in NAMES:
            user_id, game_ids = add_user_with_games(connection, name, 8)
            accepted.append(admit(connection, user_id, game_ids))
            accepted += [admit_single(connection, user_id, game_id) for game_id in game_ids[:4]]
    total = sum(job.total for job in accepted)
    taken: list[TaskClaim] = []

    def work(number: int) -> None:
        while len(taken) < total:
            with store.writing() as connection:
                mine = claim(connection, f"w{number}")
            if mine is not None:
                taken.append(mine)
                save(mine)

    def save(mine: TaskClaim) -> None:
        with store.writing() as connection:
            hold_task(connection, mine)
            at_work = _games_at_work(connection)
            finish(connection, mine, cost_s=1)
        assert len(at_work) == len(set(at_work))
        with store.writing() as connection:
            close_job_if_done(connection, mine.job_id, now_ms=NOW_MS)

    at_once(6, work)
    assert len({claim.task_id for claim in taken}) == len(taken) == total
    with store.reading() as connection:
        assert {look(connection, job).state for job in accepted} == {JobState.COMPLETED}
        assert {vtime(connection, job.user_id) for job in accepted} == {12}


def test_of_many_requests_of_one_user_one_is_accepted(store: Store) -> None:
    with store.writing() as connection:
        user_id, game_ids = add_user_with_games(connection, "ada", 3)
    accepted: list[StoredJob] = []
    refused: list[JobRunning] = []

    def ask(_: int) -> None:
        try:
            with store.writing() as connection:
                accepted.append(admit(connection, user_id, game_ids))
        except JobRunning as refusal:
            refused.append(refusal)

    at_once(8, ask)
    assert len(accepted) == 1
    assert [refusal.job.id for refusal in refused] == [accepted[0].id] * 7


def test_of_many_users_at_once_as_many_are_accepted_as_there_are_places(store: Store) -> None:
    with store.writing() as connection:
        users = [add_user_with_games(connection, f"user{number}", 2) for number in range(8)]
    refused: list[ServerFull] = []

    def ask(number: int) -> None:
        try:
            with store.writing() as connection:
                admit(connection, *users[number], JobLimits(places=3))
        except ServerFull as refusal:
            refused.append(refusal)

    at_once(8, ask)
    assert len(refused) == 5
    with store.reading() as connection:
        places = connection.execute(select(jobs.c.place).order_by(jobs.c.place)).scalars()
        assert list(places) == [1, 2, 3]
        assert len(connection.execute(select(tasks.c.id)).all()) == 6


def test_places_that_become_free_at_once_go_to_the_first_in_line(store: Store) -> None:
    limits = JobLimits(places=3, line=True)
    with store.writing() as connection:
        users = [add_user_with_games(connection, f"user{number}", 2) for number in range(9)]
        accepted = [admit(connection, *user, limits) for user in users]

    def leave(number: int) -> None:
        job = accepted[number]
        with store.writing() as connection:
            cancel_job(connection, job.user_id, job.id, now_ms=NOW_MS)
        give_places(store, limits.places, lambda _: NOW_MS)

    at_once(3, leave)
    with store.reading() as connection:
        states = [look(connection, job).state for job in accepted]
        assert sorted(look(connection, job).place or 0 for job in accepted[3:6]) == [1, 2, 3]
    gone, let_in, waiting = JobState.CANCELLED, JobState.PENDING, JobState.WAITING
    assert states == [gone] * 3 + [let_in] * 3 + [waiting] * 3
