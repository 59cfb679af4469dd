"""Tasks as rows: claimed by one worker, saved with the current token only, freed from the dead."""

import pytest
from sqlalchemy import Connection, select, update

from chess_analytics.store.games import delete_game
from chess_analytics.store.job_closing import close_job_if_done
from chess_analytics.store.job_rows import JobState, Service, TaskState
from chess_analytics.store.job_tables import shares, tasks
from chess_analytics.store.shares import set_weight
from chess_analytics.store.task_claims import (
    MOST_ATTEMPTS,
    Finished,
    TaskClaim,
    TaskLost,
    Wish,
    claim_task,
    extend_tasks,
    fail_task,
    finish_and_go_on,
    finish_task,
    give_back_task,
    hold_task,
    refuse_task,
)
from tests.store.stored_jobs import (
    LEASE_MS,
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


def test_a_job_begins_with_its_first_claim(connection: Connection) -> None:
    job = add_job(connection, "ada", 2)
    assert (job.state, job.place, job.total, job.started_ms) == (JobState.PENDING, 1, 2, None)
    first = claimed(connection, now_ms=NOW_MS + 5)
    assert (first.job_id, first.user_id, first.attempt, first.token) == (job.id, job.user_id, 1, 1)
    assert (first.profile, first.service) == ("fast", Service.BATCH)
    begun = look(connection, job)
    assert begun.state is JobState.RUNNING
    assert begun.started_ms == begun.resumed_ms == NOW_MS + 5
    claimed(connection, now_ms=NOW_MS + 9)
    assert look(connection, job) == begun
    assert claim(connection) is None


def test_a_jobs_games_come_in_their_order(connection: Connection) -> None:
    user_id, game_ids = add_user_with_games(connection, "ada", 3)
    admit(connection, user_id, game_ids[::-1])
    assert [claimed(connection).game_id for _ in game_ids] == game_ids[::-1]


def test_what_is_saved_counts_at_once(connection: Connection) -> None:
    job = add_job(connection, "ada", 4)
    assert (counted(connection, job).queued, counted(connection, job).percent) == (4, 0)
    finish(connection, claimed(connection))
    claimed(connection)
    counts = counted(connection, job)
    assert (counts.queued, counts.running, counts.done, counts.total) == (2, 1, 1, 4)
    assert counts.percent == 25


def test_a_saved_task_says_what_it_cost_and_made(connection: Connection) -> None:
    job = add_job(connection, "ada")
    taken = claimed(connection, now_ms=NOW_MS + 10)
    hold_task(connection, taken)
    finish_task(connection, taken, run_id=77, cost_s=2.5, was_there=True, now_ms=NOW_MS + 20)
    task = task_of(connection, job)
    assert (task.state, task.run_id, task.was_there) == (TaskState.DONE, 77, True)
    assert (task.cost_s, task.started_ms, task.ended_ms) == (2.5, NOW_MS + 10, NOW_MS + 20)
    assert vtime(connection, job.user_id) == 2.5


ALL = Wish("w", LEASE_MS)


def go_on(
    connection: Connection, taken: TaskClaim, wish: Wish | None = ALL, *, cost_s: float = 3.0
) -> TaskClaim | None:
    hold_task(connection, taken)
    done = Finished(run_id=1, cost_s=cost_s, was_there=False)
    return finish_and_go_on(connection, taken, done, wish, now_ms=NOW_MS)


def test_who_saves_a_task_takes_the_next_one_with_it(connection: Connection) -> None:
    job = add_job(connection, "ada", 3)
    first = claimed(connection)
    second = go_on(connection, first)
    assert second is not None
    assert (second.job_id, second.attempt, second.token) == (job.id, 1, 1)
    assert task_of(connection, job, 1).state is TaskState.DONE
    assert task_of(connection, job, 2).state is TaskState.RUNNING
    assert extend_tasks(connection, [second], until_ms=NOW_MS + 2 * LEASE_MS) == {second.task_id}
    assert go_on(connection, second, None) is None
    assert task_of(connection, job, 3).state is TaskState.QUEUED
    assert vtime(connection, job.user_id) == 6.0


def test_what_a_saved_task_has_cost_counts_for_the_choice_of_the_next(
    connection: Connection,
) -> None:
    of_ada, of_bob = add_job(connection, "ada", 3), add_job(connection, "bob", 3)
    taken = claimed(connection), claimed(connection)
    assert [each.job_id for each in taken] == [of_ada.id, of_bob.id]
    # Bob has had nothing but what runs, which counts as 8 seconds.
    following = go_on(connection, taken[0], cost_s=9.0)
    assert following is not None
    assert following.job_id == of_bob.id
    back = go_on(connection, following, cost_s=9.0)
    assert back is not None
    assert back.job_id == of_ada.id


def test_the_next_task_is_of_the_classes_that_are_wanted(connection: Connection) -> None:
    add_job(connection, "ada", 2)
    only = Wish("w", LEASE_MS, [Service.INTERACTIVE])
    assert go_on(connection, claimed(connection), only) is None
    assert claim(connection) is not None


def test_the_first_task_of_a_job_is_not_taken_in_passing(connection: Connection) -> None:
    user_id, games = add_user_with_games(connection, "ada", 2)
    admit(connection, user_id, games[:1])
    taken = claimed(connection)
    single = admit_single(connection, user_id, games[1])
    assert go_on(connection, taken) is None
    assert look(connection, single).state is JobState.PENDING
    assert claimed(connection).job_id == single.id


def test_who_has_lost_a_task_takes_no_other(connection: Connection) -> None:
    job = add_job(connection, "ada", 2)
    taken = claimed(connection)
    give_back_task(connection, taken)
    with pytest.raises(TaskLost):
        go_on(connection, taken)
    assert counted(connection, job).queued == 2


def test_a_job_has_ended_when_all_of_its_tasks_have(connection: Connection) -> None:
    job = add_job(connection, "ada", 2)
    first, second = claimed(connection), claimed(connection)
    finish(connection, first)
    assert close_job_if_done(connection, job.id, now_ms=NOW_MS + 1) is None
    finish(connection, second)
    assert close_job_if_done(connection, job.id, now_ms=NOW_MS + 2) is JobState.COMPLETED
    ended = look(connection, job)
    assert (ended.state, ended.place, ended.ended_ms) == (JobState.COMPLETED, None, NOW_MS + 2)
    assert ended.running_ms(NOW_MS + 99) == 2
    assert close_job_if_done(connection, job.id, now_ms=NOW_MS + 3) is None


def test_a_job_with_a_failed_game_says_so_in_its_state(connection: Connection) -> None:
    job = add_job(connection, "ada", 2)
    finish(connection, claimed(connection))
    refuse_task(connection, claimed(connection), error="it has no moves", now_ms=NOW_MS)
    assert close_job_if_done(connection, job.id, now_ms=NOW_MS) is JobState.COMPLETED_WITH_FAILURES
    assert task_of(connection, job, 2).error == "it has no moves"


def test_a_job_without_any_run_has_failed_for_a_reason(connection: Connection) -> None:
    job = add_job(connection, "ada")
    refuse_task(connection, claimed(connection), error="it has no moves", now_ms=NOW_MS)
    assert close_job_if_done(connection, job.id, now_ms=NOW_MS) is JobState.FAILED
    assert "it has no moves" in (look(connection, job).reason or "")


def test_a_failed_attempt_is_repeated_later_and_later_and_then_given_up(
    connection: Connection,
) -> None:
    job = add_job(connection, "ada")
    now_ms, waits = NOW_MS, []
    for attempt in range(1, MOST_ATTEMPTS + 1):
        taken = claimed(connection, now_ms=now_ms)
        assert (taken.attempt, taken.token) == (attempt, attempt)
        fail_task(connection, taken, error=f"the engine died {attempt}", cost_s=1, now_ms=now_ms)
        if attempt < MOST_ATTEMPTS:
            assert claim(connection, now_ms=now_ms) is None
            not_before_ms = connection.execute(select(tasks.c.not_before_ms)).scalar_one()
            waits.append(not_before_ms - now_ms)
            now_ms = not_before_ms
    assert waits == [5_000, 20_000]
    task = task_of(connection, job)
    assert (task.state, task.error, task.cost_s) == (TaskState.FAILED, "the engine died 3", 3)
    assert vtime(connection, job.user_id) == 3


def test_giving_back_is_no_failed_attempt(connection: Connection) -> None:
    job = add_job(connection, "ada")
    first = claimed(connection)
    give_back_task(connection, first)
    assert task_of(connection, job).attempts == 0
    second = claimed(connection)
    assert (second.attempt, second.token) == (1, first.token + 1)
    give_back_task(connection, first)
    assert task_of(connection, job).state is TaskState.RUNNING


@pytest.mark.parametrize("change", [{"token": 5}, {"worker": "v"}, {"state": "queued"}])
def test_who_has_lost_a_task_can_write_nothing(
    connection: Connection, change: dict[str, object]
) -> None:
    job = add_job(connection, "ada")
    taken = claimed(connection)
    connection.execute(update(tasks).values(change))
    before = task_of(connection, job)
    with pytest.raises(TaskLost, match="no longer ours"):
        hold_task(connection, taken)
    with pytest.raises(TaskLost):
        finish(connection, taken)
    with pytest.raises(TaskLost):
        fail_task(connection, taken, error="x", cost_s=1, now_ms=NOW_MS)
    give_back_task(connection, taken)
    assert task_of(connection, job) == before
    assert vtime(connection, job.user_id) == 0


def test_a_beat_extends_leases_and_names_what_is_still_ours(connection: Connection) -> None:
    add_job(connection, "ada", 4)
    ours, cancelled, stolen, gone = [claimed(connection) for _ in range(4)]
    of = tasks.c.id
    connection.execute(update(tasks).where(of == cancelled.task_id).values(state="cancelled"))
    connection.execute(update(tasks).where(of == stolen.task_id).values(token=9))
    delete_game(connection, gone.user_id, gone.game_id)
    until_ms = NOW_MS + 2 * LEASE_MS
    still = extend_tasks(connection, [ours, cancelled, stolen, gone], until_ms=until_ms)
    assert still == {ours.task_id}
    rows = connection.execute(select(tasks.c.id, tasks.c.lease_ms)).all()
    leases = {row.id: row.lease_ms for row in rows}
    assert leases[ours.task_id] == until_ms
    assert leases[stolen.task_id] == NOW_MS + LEASE_MS
    # A lease never becomes shorter.
    assert extend_tasks(connection, [ours], until_ms=NOW_MS) == {ours.task_id}
    assert extend_tasks(connection, [], until_ms=NOW_MS) == set()


def test_a_game_that_somebody_is_at_is_passed_over(connection: Connection) -> None:
    user_id, game_ids = add_user_with_games(connection, "ada", 2)
    single = admit_single(connection, user_id, game_ids[0])
    admit(connection, user_id, game_ids)
    first = claimed(connection)
    assert (first.job_id, first.service) == (single.id, Service.INTERACTIVE)
    assert claimed(connection).game_id == game_ids[1]
    assert claim(connection) is None
    finish(connection, first)
    assert claimed(connection).game_id == game_ids[0]


def test_classes_go_before_shares(connection: Connection) -> None:
    background = add_job(connection, "ada", 1, service=Service.BACKGROUND)
    batch = add_job(connection, "bob", 1)
    user_id, [game_id] = add_user_with_games(connection, "eve", 1)
    single = admit_single(connection, user_id, game_id)
    connection.execute(update(shares).where(shares.c.user_id == user_id).values(vtime=1e6))
    assert [claimed(connection).job_id for _ in range(3)] == [single.id, batch.id, background.id]


def test_a_worker_claims_only_what_it_is_asked_to(connection: Connection) -> None:
    add_job(connection, "ada")
    asked = {"now_ms": NOW_MS, "lease_ms": LEASE_MS}
    assert claim_task(connection, "w", services=[Service.INTERACTIVE], **asked) is None
    assert claim_task(connection, "w", services=[], **asked) is None
    assert claim_task(connection, "w", services=[Service.BATCH], **asked) is not None


def test_who_has_had_least_goes_first(connection: Connection) -> None:
    ada, bob = add_job(connection, "ada", 4), add_job(connection, "bob", 4)
    order = []
    for _ in range(4):
        taken = claimed(connection)
        order.append(taken.job_id)
        finish(connection, taken, cost_s=8 if taken.job_id == ada.id else 2)
    assert order == [ada.id, bob.id, bob.id, bob.id]


def test_running_tasks_count_by_their_estimates(connection: Connection) -> None:
    ada, bob = add_job(connection, "ada", 4, estimate_s=4), add_job(connection, "bob", 4)
    order = [claimed(connection).job_id for _ in range(6)]
    assert order == [ada.id, bob.id, ada.id, ada.id, bob.id, ada.id]


def test_twice_the_weight_is_twice_the_share(connection: Connection) -> None:
    ada, bob = add_job(connection, "ada", 9), add_job(connection, "bob", 9)
    set_weight(connection, bob.user_id, 2)
    order = [claimed(connection).job_id for _ in range(9)]
    assert (order.count(ada.id), order.count(bob.id)) == (3, 6)


def test_priority_counts_among_a_users_own_jobs_only(connection: Connection) -> None:
    user_id, game_ids = add_user_with_games(connection, "ada", 2)
    low = admit_single(connection, user_id, game_ids[0])
    high = admit_single(connection, user_id, game_ids[1], priority=5)
    bob, [game_id] = add_user_with_games(connection, "bob", 1)
    others = admit_single(connection, bob, game_id, priority=9)
    assert [claimed(connection).job_id for _ in range(3)] == [high.id, others.id, low.id]
