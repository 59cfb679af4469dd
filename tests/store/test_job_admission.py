"""Which jobs are accepted, and which limits there are."""

from typing import Any

import pytest
from sqlalchemy import Connection, func, insert, select, update

from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.games import delete_game, insert_games
from chess_analytics.store.job_admission import JobLimits, games_to_analyse
from chess_analytics.store.job_closing import close_job_if_done
from chess_analytics.store.job_control import cancel_job, pause_job, resume_job, retry_failed
from chess_analytics.store.job_line import let_in_waiting
from chess_analytics.store.job_refusals import (
    JobRefused,
    JobRunning,
    JobStateRefused,
    NothingToAnalyse,
    QuotaUsedUp,
    ServerFull,
    TooManySingles,
)
from chess_analytics.store.job_rows import JobState, TaskState
from chess_analytics.store.job_sweep import sweep
from chess_analytics.store.job_tables import jobs, shares, tasks
from chess_analytics.store.jobs import jobs_before, place_in_line, running_tasks, tasks_after
from chess_analytics.store.runs import insert_runs
from chess_analytics.store.task_claims import fail_task, refuse_task
from tests.store.stored_games import add_user, new_game, run_of
from tests.store.stored_jobs import (
    LEASE_MS,
    MANY_PLACES,
    NOW_MS,
    add_job,
    add_user_with_games,
    admit,
    admit_single,
    claim,
    claimed,
    counted,
    finish,
    look,
    task_of,
    vtime,
)

DAY_MS = 86_400_000
IN_LINE = JobLimits(places=1, line=True)


def _rows(connection: Connection) -> list[int]:
    return [
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (jobs, tasks, shares)
    ]


def test_a_second_batch_of_a_user_is_refused_and_leaves_nothing(connection: Connection) -> None:
    user_id, game_ids = add_user_with_games(connection, "ada", 2)
    job = admit(connection, user_id, game_ids)
    before = _rows(connection)
    with pytest.raises(JobRunning, match=f"your job {job.id} is running") as refusal:
        admit(connection, user_id, game_ids)
    assert refusal.value.job == job
    assert _rows(connection) == before
    pause_job(connection, user_id, job.id, now_ms=NOW_MS)
    with pytest.raises(JobRunning, match="is paused; resume it"):
        admit(connection, user_id, game_ids)


def test_where_all_places_are_taken_a_batch_is_refused_and_a_single_game_is_not(
    connection: Connection,
) -> None:
    first = add_job(connection, "ada", limits=JobLimits(places=1))
    bob, game_ids = add_user_with_games(connection, "bob", 2)
    before = _rows(connection)
    with pytest.raises(ServerFull, match="1 job of other users") as refusal:
        admit(connection, bob, game_ids, JobLimits(places=1))
    assert refusal.value.retry_after_s >= 30
    assert _rows(connection) == before
    assert admit_single(connection, bob, game_ids[0]).place is None
    cancel_job(connection, first.user_id, first.id, now_ms=NOW_MS)
    assert admit(connection, bob, game_ids, JobLimits(places=1)).place == 1


def test_a_user_may_wait_for_so_many_single_games(connection: Connection) -> None:
    user_id, game_ids = add_user_with_games(connection, "ada", 3)
    limits = JobLimits(most_singles_a_user=2)
    for game_id in game_ids[:2]:
        admit_single(connection, user_id, game_id, limits=limits)
    with pytest.raises(TooManySingles, match="2 games"):
        admit_single(connection, user_id, game_ids[2], limits=limits)


@pytest.mark.parametrize("limits", [{"daily_games": 5}, {"weekly_games": 5}])
def test_a_quota_counts_what_was_accepted_but_for_what_was_cancelled(
    connection: Connection, limits: dict[str, Any]
) -> None:
    days = 1 if "daily_games" in limits else 7
    quota = JobLimits(**limits)
    user_id, game_ids = add_user_with_games(connection, "ada", 6)
    job = admit(connection, user_id, game_ids[:4], quota)
    finish(connection, claimed(connection))
    cancel_job(connection, user_id, job.id, now_ms=NOW_MS)
    later_ms = NOW_MS + DAY_MS // 2
    with pytest.raises(QuotaUsedUp, match="at most 4") as refusal:
        admit(connection, user_id, game_ids[:5], quota, now_ms=later_ms)
    assert refusal.value.left == 4
    assert refusal.value.retry_after_s == (days * DAY_MS - DAY_MS // 2) // 1000
    admit(connection, user_id, game_ids[:5], quota, now_ms=NOW_MS + days * DAY_MS)


def test_games_that_are_gone_or_others_or_come_twice_are_left_out(connection: Connection) -> None:
    ada, game_ids = add_user_with_games(connection, "ada", 3)
    _, others = add_user_with_games(connection, "bob", 1)
    delete_game(connection, ada, game_ids[1])
    job = admit(connection, ada, [*game_ids, *game_ids, *others])
    assert job.total == 2
    found = tasks_after(connection, job.id, 0, 9)
    assert [(task.game_id, task.ordinal) for task in found] == [(game_ids[0], 1), (game_ids[2], 2)]
    with pytest.raises(NothingToAnalyse):
        admit_single(connection, ada, game_ids[1])
    with pytest.raises(JobRefused, match="account was deleted"):
        admit_single(connection, 999, game_ids[0])


def test_more_games_than_a_statement_takes_can_be_asked_for(connection: Connection) -> None:
    job = add_job(connection, "ada", 1200)
    assert counted(connection, job).queued == job.total == 1200


def test_games_to_analyse_are_the_last_played_without_those_that_are_analysed(
    connection: Connection,
) -> None:
    user_id = add_user(connection)
    new = [new_game(moves_key=f"{it:032d}", plies=it, played_ms=it) for it in range(4)]
    ids = insert_games(connection, user_id, None, new, now_ms=NOW_MS)
    insert_runs(connection, [(ids[2], *run_of("1. e4 e5 *"))], now_ms=NOW_MS)
    asked = (connection, user_id, GameFilter())
    assert games_to_analyse(*asked, reanalyse=False) == [(ids[3], 3), (ids[1], 1)]
    assert games_to_analyse(*asked, reanalyse=True) == [(ids[3], 3), (ids[2], 2), (ids[1], 1)]


def test_a_job_waits_in_line_and_says_its_place(connection: Connection) -> None:
    first = add_job(connection, "ada", limits=IN_LINE)
    second, third = (add_job(connection, name, limits=IN_LINE) for name in ("bob", "eve"))
    assert [job.state for job in (second, third)] == [JobState.WAITING] * 2
    assert [place_in_line(connection, job) for job in (first, second, third)] == [None, 1, 2]
    assert let_in_waiting(connection, 1, now_ms=NOW_MS) == []
    cancel_job(connection, first.user_id, first.id, now_ms=NOW_MS)
    # Who comes now does not go before those who wait.
    assert add_job(connection, "kim", limits=IN_LINE).state is JobState.WAITING
    assert [job.id for job in let_in_waiting(connection, 1, now_ms=NOW_MS)] == [second.id]
    assert look(connection, second).state is JobState.PENDING
    assert place_in_line(connection, look(connection, third)) == 1


def test_a_user_has_so_many_jobs_in_line(connection: Connection) -> None:
    user_id, game_ids = add_user_with_games(connection, "ada", 1)
    first = admit(connection, user_id, game_ids, IN_LINE)
    assert admit(connection, user_id, game_ids, IN_LINE).state is JobState.WAITING
    with pytest.raises(JobRunning):
        admit(connection, user_id, game_ids, IN_LINE)
    # The second waits for the first, whatever places are free.
    assert let_in_waiting(connection, 1000, now_ms=NOW_MS) == []
    finish(connection, claimed(connection))
    close_job_if_done(connection, first.id, now_ms=NOW_MS)
    assert len(let_in_waiting(connection, 1000, now_ms=NOW_MS)) == 1


def test_a_paused_job_gives_nothing_out_and_its_place_back(connection: Connection) -> None:
    job = add_job(connection, "ada", 3)
    at_hand = claimed(connection, now_ms=NOW_MS)
    paused = pause_job(connection, job.user_id, job.id, now_ms=NOW_MS + 500)
    assert paused is not None
    assert (paused.state, paused.place, paused.ran_ms) == (JobState.PAUSED, None, 500)
    assert pause_job(connection, job.user_id, job.id, now_ms=NOW_MS + 600) == paused
    assert claim(connection) is None
    finish(connection, at_hand)
    resumed = resume_job(connection, job.user_id, job.id, MANY_PLACES, now_ms=NOW_MS + 900)
    assert resumed is not None
    assert (resumed.state, resumed.place) == (JobState.RUNNING, 1)
    assert resumed.running_ms(NOW_MS + 1000) == 600
    assert claimed(connection).job_id == job.id


def test_resuming_needs_a_place(connection: Connection) -> None:
    job = add_job(connection, "ada", limits=JobLimits(places=1))
    pause_job(connection, job.user_id, job.id, now_ms=NOW_MS)
    add_job(connection, "bob", limits=JobLimits(places=1))
    who = (connection, job.user_id, job.id)
    with pytest.raises(ServerFull):
        resume_job(*who, JobLimits(places=1), now_ms=NOW_MS)
    assert look(connection, job).state is JobState.PAUSED
    waiting = resume_job(*who, IN_LINE, now_ms=NOW_MS)
    assert waiting is not None
    assert waiting.state is JobState.WAITING


def test_cancelling_ends_what_has_not_ended_and_keeps_the_rest(connection: Connection) -> None:
    job = add_job(connection, "ada", 3)
    finish(connection, claimed(connection))
    claimed(connection)
    cancelled = cancel_job(connection, job.user_id, job.id, now_ms=NOW_MS + 7)
    assert cancelled is not None
    assert (cancelled.state, cancelled.ended_ms) == (JobState.CANCELLED, NOW_MS + 7)
    counts = counted(connection, job)
    assert (counts.done, counts.cancelled, counts.percent) == (1, 2, 100)
    assert running_tasks(connection, job.id) == []
    assert cancel_job(connection, job.user_id, job.id, now_ms=NOW_MS + 8) == cancelled


def test_failed_games_can_be_tried_again(connection: Connection) -> None:
    job = add_job(connection, "ada", 2)
    finish(connection, claimed(connection))
    refuse_task(connection, claimed(connection), error="the engine is broken", now_ms=NOW_MS)
    close_job_if_done(connection, job.id, now_ms=NOW_MS)
    again = retry_failed(connection, job.user_id, job.id, MANY_PLACES, now_ms=NOW_MS + 5)
    assert again is not None
    assert (again.state, again.place, again.ended_ms) == (JobState.RUNNING, 1, None)
    taken = claimed(connection)
    assert (taken.attempt, taken.token) == (1, 2)
    finish(connection, taken)
    assert close_job_if_done(connection, job.id, now_ms=NOW_MS) is JobState.COMPLETED


def test_what_cannot_be_done_with_a_job_is_told(connection: Connection) -> None:
    job = add_job(connection, "ada")
    who = (connection, job.user_id, job.id)
    with pytest.raises(JobStateRefused, match="none has failed"):
        retry_failed(*who, MANY_PLACES, now_ms=NOW_MS)
    finish(connection, claimed(connection))
    close_job_if_done(connection, job.id, now_ms=NOW_MS)
    for change in (pause_job, cancel_job):
        with pytest.raises(JobStateRefused, match="every game was analysed"):
            change(*who, now_ms=NOW_MS)
    with pytest.raises(JobStateRefused, match="cannot be resumed"):
        resume_job(*who, MANY_PLACES, now_ms=NOW_MS)
    stranger = add_user(connection, "eve")
    assert cancel_job(connection, stranger, job.id, now_ms=NOW_MS) is None
    assert jobs_before(connection, stranger, None, 9) == []
    assert [it.id for it in jobs_before(connection, job.user_id, None, 9)] == [job.id]


def test_idling_earns_nothing(connection: Connection) -> None:
    ada, bob = add_job(connection, "ada", 5), add_user_with_games(connection, "bob", 5)
    for _ in range(3):
        finish(connection, claimed(connection))
    job = admit(connection, *bob)
    assert vtime(connection, job.user_id) == vtime(connection, ada.user_id) == 24
    pause_job(connection, job.user_id, job.id, now_ms=NOW_MS)
    finish(connection, claimed(connection))
    resume_job(connection, job.user_id, job.id, MANY_PLACES, now_ms=NOW_MS)
    assert vtime(connection, job.user_id) == 32


def test_a_used_up_budget_pauses_and_resuming_lifts_it(connection: Connection) -> None:
    job = add_job(connection, "ada", 3, most_engine_s=8.0, most_running_s=3600.0)
    taken = claimed(connection)
    assert sweep(connection, MANY_PLACES, now_ms=NOW_MS).paused == 0
    finish(connection, taken)
    assert sweep(connection, MANY_PLACES, now_ms=NOW_MS).paused == 1
    paused = look(connection, job)
    assert paused.state is JobState.PAUSED
    assert "as much of the engines as you allowed" in (paused.reason or "")
    resumed = resume_job(connection, job.user_id, job.id, MANY_PLACES, now_ms=NOW_MS)
    assert resumed is not None
    assert (resumed.most_engine_s, resumed.most_running_s, resumed.reason) == (None, 3600, None)
    late_ms = NOW_MS + 3_600_000
    assert sweep(connection, MANY_PLACES, now_ms=late_ms).paused == 1
    assert "running for as long" in (look(connection, job).reason or "")


def test_the_sweep_frees_the_tasks_of_the_dead_and_gives_up_in_the_end(
    connection: Connection,
) -> None:
    job = add_job(connection, "ada")
    now_ms = NOW_MS
    for _ in range(3):
        claimed(connection, now_ms=now_ms)
        assert sweep(connection, MANY_PLACES, now_ms=now_ms + LEASE_MS).freed == 0
        report = sweep(connection, MANY_PLACES, now_ms=now_ms + LEASE_MS + 1)
        assert (report.freed, report.has_work) == (1, True)
        now_ms += 2 * LEASE_MS
    task = task_of(connection, job)
    assert (task.state, task.attempts) == (TaskState.FAILED, 3)
    assert "cut off" in (task.error or "")
    assert look(connection, job).state is JobState.FAILED


def test_the_sweep_cancels_what_lost_its_game_and_closes_what_is_over(
    connection: Connection,
) -> None:
    job = add_job(connection, "ada", 2)
    at_hand = claimed(connection)
    for task in tasks_after(connection, job.id, 0, 9):
        assert task.game_id is not None
        delete_game(connection, job.user_id, task.game_id)
    assert claim(connection) is None
    report = sweep(connection, MANY_PLACES, now_ms=NOW_MS)
    assert (report.cancelled, report.closed, report.has_work) == (2, 1, False)
    ended = look(connection, job)
    assert (ended.state, at_hand.job_id) == (JobState.CANCELLED, job.id)
    assert "deleted" in (ended.reason or "")


def test_a_place_that_somebody_else_took_at_the_same_moment_is_passed_over(
    connection: Connection,
) -> None:
    job = add_job(connection, "ada")
    connection.execute(update(jobs).where(jobs.c.id == job.id).values(place=2))
    assert [add_job(connection, name).place for name in ("bob", "eve")] == [1, 3]


def test_a_failure_charges_what_it_cost(connection: Connection) -> None:
    job = add_job(connection, "ada")
    connection.execute(insert(shares).values(user_id=add_user(connection, "bob"), vtime=1))
    fail_task(connection, claimed(connection), error="it hung", cost_s=4.5, now_ms=NOW_MS)
    assert vtime(connection, job.user_id) == 4.5
