"""Whatever happens in whatever order, jobs and tasks stay what they promise to be.

CHESS_ANALYTICS_STATE_EXAMPLES says how many stories are told (`just job-states`).
"""

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, delete, select

from chess_analytics.store.accounts import remove_account
from chess_analytics.store.games import delete_game
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_closing import close_job_if_done
from chess_analytics.store.job_control import cancel_job, pause_job, resume_job, retry_failed
from chess_analytics.store.job_refusals import JobRefused
from chess_analytics.store.job_rows import ACTIVE, ENDED, WORKABLE, JobState, TaskState
from chess_analytics.store.job_sweep import sweep
from chess_analytics.store.job_tables import jobs, shares, tasks
from chess_analytics.store.session import Store
from chess_analytics.store.tables import users
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
from tests.store.stored_jobs import NOW_MS, add_user_with_games, admit, admit_single

EXAMPLES = int(os.environ.get("CHESS_ANALYTICS_STATE_EXAMPLES", "5"))
STEPS = 25
LEASE_MS = 60_000
PLACES = 2
GAMES_A_USER = 4
PICK = st.integers(0, 1_000_000)
OPEN = {TaskState.QUEUED, TaskState.RUNNING}
LONG_MS = 3_600_000


class Jobs(RuleBasedStateMachine):
    """Users, workers and faults take turns; what is known of every claim is kept beside."""

    def __init__(self, store: Store) -> None:
        super().__init__()
        self.store = store
        self.now_ms = NOW_MS
        self.user_count = 0
        self.games: dict[int, list[int]] = {}
        self.held: dict[int, tuple[TaskClaim, int]] = {}
        """Claims that are good, by task, and until when."""
        self.old: list[TaskClaim] = []
        """Claims that are worth nothing any more."""
        self.tokens: Counter[int] = Counter()
        self.saved: Counter[int] = Counter()
        self.charged: Counter[int] = Counter()
        with store.writing() as connection:
            connection.execute(delete(users))
        for _ in range(3):
            self.sign_up()

    @precondition(lambda self: self.user_count < 6)
    @rule()
    def sign_up(self) -> None:
        self.user_count += 1
        with self.store.writing() as connection:
            user_id, game_ids = add_user_with_games(
                connection, f"user{self.user_count}", GAMES_A_USER
            )
        self.games[user_id] = game_ids

    @precondition(lambda self: self.games)
    @rule(pick=PICK, count=st.integers(1, GAMES_A_USER), line=st.booleans())
    def admit_batch(self, pick: int, count: int, line: bool) -> None:  # noqa: FBT001 - drawn
        user_id = _one(self.games, pick)
        self.change(
            lambda connection: admit(
                connection,
                user_id,
                self.games[user_id][:count],
                JobLimits(places=PLACES, line=line),
                now_ms=self.now_ms,
                most_engine_s=[None, 5.0][pick % 2],
            )
        )

    @precondition(lambda self: any(self.games.values()))
    @rule(pick=PICK)
    def admit_single(self, pick: int) -> None:
        user_id = _one([user for user, games in self.games.items() if games], pick)
        game_id = _one(self.games[user_id], pick)
        self.change(
            lambda connection: admit_single(connection, user_id, game_id, now_ms=self.now_ms)
        )

    @rule(worker=st.sampled_from(["v", "w"]), count=st.integers(1, 3))
    def claim(self, worker: str, count: int) -> None:
        for _ in range(count):
            with self.store.writing() as connection:
                mine = claim_task(connection, worker, now_ms=self.now_ms, lease_ms=LEASE_MS)
            if mine is None:
                return
            self.take(mine)

    @rule(worker=st.sampled_from(["v", "w"]))
    def beat(self, worker: str) -> None:
        good = [claim for claim, _ in self.held.values() if claim.worker == worker]
        until_ms = self.now_ms + LEASE_MS
        # An old claim on a task that is claimed again cannot be named beside the new one.
        lost = {
            claim.task_id: claim
            for claim in self.old
            if claim.worker == worker and claim.task_id not in self.held
        }
        with self.store.writing() as connection:
            ours = extend_tasks(connection, [*good, *lost.values()], until_ms=until_ms)
        assert ours == {claim.task_id for claim in good}
        for claim in good:
            self.held[claim.task_id] = claim, until_ms

    @precondition(lambda self: self.held)
    @rule(pick=PICK, goes_on=st.booleans())
    def save(self, pick: int, goes_on: bool) -> None:  # noqa: FBT001 - drawn
        self.save_claim(_one(self.held, pick), goes_on=goes_on)

    @precondition(lambda self: self.held)
    @rule(pick=PICK, can_help=st.booleans())
    def fail(self, pick: int, can_help: bool) -> None:  # noqa: FBT001 - drawn
        claim = self.let_go(_one(self.held, pick))
        write = fail_task if can_help else refuse_task
        with self.store.writing() as connection:
            write(connection, claim, error="the engine died", cost_s=1.0, now_ms=self.now_ms)
        self.charged[claim.user_id] += 1
        self.close(claim)

    @precondition(lambda self: self.held)
    @rule(pick=PICK)
    def give_back(self, pick: int) -> None:
        claim = self.let_go(_one(self.held, pick))
        with self.store.writing() as connection:
            give_back_task(connection, claim)

    @precondition(lambda self: self.old)
    @rule(pick=PICK)
    def write_too_late(self, pick: int) -> None:
        """Somebody who was frozen, or got a message twice, wakes up."""
        claim = _one(self.old, pick)
        before = self.rows()
        for late in (self.hold_and_finish, self.finish_only, self.fail_only):
            try:
                with self.store.writing() as connection:
                    late(connection, claim)
            except TaskLost:
                continue
            raise AssertionError(claim)
        with self.store.writing() as connection:
            give_back_task(connection, claim)
        assert self.rows() == before

    @rule(by_ms=st.sampled_from([1, 5_000, 20_000, LEASE_MS // 2, LEASE_MS + 1, LONG_MS]))
    def let_time_go_by(self, by_ms: int) -> None:
        self.now_ms += by_ms

    @rule()
    def sweep(self) -> None:
        with self.store.writing() as connection:
            sweep(connection, JobLimits(places=PLACES), now_ms=self.now_ms)
        for claim, until_ms in list(self.held.values()):
            if until_ms < self.now_ms:
                self.let_go(claim.task_id)

    @rule(pick=PICK, how=st.sampled_from(["pause", "resume", "resume in line", "retry"]))
    def manage(self, pick: int, how: str) -> None:
        job = self.some_job(pick)
        if job is None:
            return
        limits = JobLimits(places=PLACES, line=how == "resume in line")
        who = (job.user_id, job.id)
        match how:
            case "pause":
                self.change(lambda it: pause_job(it, *who, now_ms=self.now_ms))
            case "retry":
                self.change(lambda it: retry_failed(it, *who, limits, now_ms=self.now_ms))
            case _:
                self.change(lambda it: resume_job(it, *who, limits, now_ms=self.now_ms))

    @rule(pick=PICK)
    def cancel(self, pick: int) -> None:
        job = self.some_job(pick)
        if job is not None and self.change(
            lambda it: cancel_job(it, job.user_id, job.id, now_ms=self.now_ms)
        ):
            self.let_go_where(lambda claim: claim.job_id == job.id)

    @precondition(lambda self: any(self.games.values()))
    @rule(pick=PICK)
    def delete_a_game(self, pick: int) -> None:
        user_id = _one([user for user, games in self.games.items() if games], pick)
        game_id = _one(self.games[user_id], pick)
        self.games[user_id].remove(game_id)
        with self.store.writing() as connection:
            assert delete_game(connection, user_id, game_id)
        self.let_go_where(lambda claim: claim.game_id == game_id)

    @precondition(lambda self: len(self.games) > 1)
    @rule(pick=PICK)
    def delete_a_user(self, pick: int) -> None:
        user_id = _one(self.games, pick)
        del self.games[user_id]
        with self.store.writing() as connection:
            remove_account(connection, user_id)
        self.let_go_where(lambda claim: claim.user_id == user_id)

    @invariant()
    def all_is_as_promised(self) -> None:
        with self.store.reading() as connection:
            rows = list(connection.execute(select(tasks)))
            accepted = list(connection.execute(select(jobs)))
            had = {row.user_id: row.vtime for row in connection.execute(select(shares))}
        self.every_claim_is_as_good_as_its_worker_believes(rows)
        self.every_task_is_in_one_state_for_a_reason(rows)
        self.every_job_is_its_tasks_and_keeps_to_the_limits(accepted, rows)
        for user_id in self.games:
            # Nobody is charged less than it has cost.
            assert had.get(user_id, 0.0) >= self.charged[user_id]

    def every_claim_is_as_good_as_its_worker_believes(self, rows: list[Any]) -> None:
        running = {
            row.id: (row.worker, row.token)
            for row in rows
            if row.state == TaskState.RUNNING and row.game_id is not None
        }
        assert running == {
            task_id: (claim.worker, claim.token) for task_id, (claim, _) in self.held.items()
        }

    def every_task_is_in_one_state_for_a_reason(self, rows: list[Any]) -> None:
        games_at_work = Counter(claim.game_id for claim, _ in self.held.values())
        assert set(games_at_work.values()) <= {1}
        for task in rows:
            assert task.attempts <= MOST_ATTEMPTS
            assert task.token == self.tokens[task.id]
            assert (task.ended_ms is None) == (task.state in OPEN)
            assert (task.lease_ms is None) == (task.state != TaskState.RUNNING)
            assert (task.state == TaskState.DONE) == (task.run_id is not None)
            assert (task.state == TaskState.DONE) == (self.saved[task.id] == 1)
            assert task.error or task.state != TaskState.FAILED
            assert task.game_id or task.state != TaskState.FAILED or task.attempts

    def every_job_is_its_tasks_and_keeps_to_the_limits(
        self, accepted: list[Any], rows: list[Any]
    ) -> None:
        of_job: dict[int, list[str]] = {}
        for task in rows:
            of_job.setdefault(task.job_id, []).append(task.state)
        active: Counter[int] = Counter()
        for job in accepted:
            states = of_job[job.id]
            assert len(states) == job.total
            is_batch = job.kind == "batch"
            assert (job.place is not None) == (is_batch and job.state in WORKABLE)
            assert job.place is None or 1 <= job.place <= PLACES
            assert (job.resumed_ms is not None) == (job.state == JobState.RUNNING)
            assert (job.ended_ms is not None) == (job.state in ENDED)
            assert job.state not in ENDED or not OPEN & set(states)
            assert job.state != JobState.COMPLETED or TaskState.FAILED not in states
            active[job.user_id] += is_batch and job.state in ACTIVE
        assert set(active.values()) <= {0, 1}

    def teardown(self) -> None:
        """Nothing is lost: in the end every game of every job has its run, or a reason."""
        for _ in range(200):
            self.now_ms += LONG_MS
            self.sweep()
            for job in self.jobs():
                if job.state == JobState.PAUSED:
                    self.resume(job)
            self.claim("w", 3)
            for task_id in list(self.held):
                self.save_claim(task_id)
            if all(job.state in ENDED for job in self.jobs()):
                break
        assert {job.state for job in self.jobs()} <= ENDED
        assert not {row.state for row in self.rows()} & OPEN

    def resume(self, job: Any) -> None:
        limits = JobLimits(places=PLACES)
        who = (job.user_id, job.id)
        self.change(lambda it: resume_job(it, *who, limits, now_ms=self.now_ms))

    def take(self, mine: TaskClaim) -> None:
        assert mine.task_id not in self.held
        self.tokens[mine.task_id] += 1
        assert mine.token == self.tokens[mine.task_id]
        self.held[mine.task_id] = mine, self.now_ms + LEASE_MS

    def save_claim(self, task_id: int, *, goes_on: bool = False) -> None:
        claim = self.let_go(task_id)
        begun = {job.id for job in self.jobs() if job.state == JobState.RUNNING}
        wish, done = Wish(claim.worker, LEASE_MS), Finished(7, cost_s=2.0, was_there=False)
        with self.store.writing() as connection:
            hold_task(connection, claim)
            following = finish_and_go_on(
                connection, claim, done, wish if goes_on else None, now_ms=self.now_ms
            )
        self.saved[task_id] += 1
        self.charged[claim.user_id] += 2
        if following:
            assert following.job_id in begun
            self.take(following)
        self.close(claim)

    def hold_and_finish(self, connection: Connection, claim: TaskClaim) -> None:
        hold_task(connection, claim)
        self.finish_only(connection, claim)

    def finish_only(self, connection: Connection, claim: TaskClaim) -> None:
        finish_task(connection, claim, run_id=7, cost_s=2.0, was_there=False, now_ms=self.now_ms)

    def fail_only(self, connection: Connection, claim: TaskClaim) -> None:
        fail_task(connection, claim, error="late", cost_s=1.0, now_ms=self.now_ms)

    def close(self, claim: TaskClaim) -> None:
        with self.store.writing() as connection:
            close_job_if_done(connection, claim.job_id, now_ms=self.now_ms)

    def let_go(self, task_id: int) -> TaskClaim:
        claim, _ = self.held.pop(task_id)
        self.old.append(claim)
        return claim

    def let_go_where(self, is_lost: Callable[[TaskClaim], bool]) -> None:
        for claim, _ in list(self.held.values()):
            if is_lost(claim):
                self.let_go(claim.task_id)

    def change(self, what: Callable[[Connection], object]) -> bool:
        """Let a user change something; tell whether that was not refused."""
        with suppress(JobRefused), self.store.writing() as connection:
            what(connection)
            return True
        return False

    def some_job(self, pick: int) -> Any | None:
        there = self.jobs()
        return _one(there, pick) if there else None

    def jobs(self) -> list[Any]:
        with self.store.reading() as connection:
            return list(connection.execute(select(jobs).order_by(jobs.c.id)))

    def rows(self) -> list[Any]:
        with self.store.reading() as connection:
            return list(connection.execute(select(tasks).order_by(tasks.c.id)))


def _one(of: Any, pick: int) -> Any:
    several = list(of)
    return several[pick % len(several)]


def test_whatever_happens_jobs_and_tasks_keep_their_promises(store: Store) -> None:
    told = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    class OnThisStore(Jobs):
        def __init__(self) -> None:
            super().__init__(store)

    run_state_machine_as_test(OnThisStore, settings=told)
