"""Users, games and jobs come and go while workers are at work: nobody waits in a circle."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import pytest
from sqlalchemy import Connection, select, text

from chess_analytics.store.accounts import remove_account, remove_some_games
from chess_analytics.store.games import delete_game
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_control import cancel_job, pause_job, resume_job
from chess_analytics.store.job_places import active_batch
from chess_analytics.store.job_refusals import JobRefused
from chess_analytics.store.job_sweep import sweep
from chess_analytics.store.job_tables import jobs, tasks
from chess_analytics.store.session import Store
from chess_analytics.store.tables import users
from chess_analytics.store.task_claims import TaskLost, extend_tasks, hold_task
from tests.store.stored_jobs import LEASE_MS, NOW_MS, add_user_with_games, admit, claim, finish
from tests.threads import at_once

LIMITS = JobLimits(places=4)
ROUNDS = 20


@dataclass(frozen=True, slots=True)
class Turmoil:
    """A store, and three users with their games: one changes jobs, one loses games, one leaves."""

    store: Store
    ada: tuple[int, list[int]]
    bob: tuple[int, list[int]]
    eve: tuple[int, list[int]]

    def part(self, number: int) -> None:
        parts = [self.manage, self.delete_games, self.forget_user, self.put_right]
        if number < len(parts):
            parts[number]()
        else:
            self.work(f"w{number}")

    def work(self, worker: str) -> None:
        for _ in range(2 * ROUNDS):
            with self.store.writing() as connection:
                mine = [claim(connection, worker) for _ in range(3)]
            claims = [each for each in mine if each is not None]
            with self.store.writing() as connection:
                extend_tasks(connection, claims, until_ms=NOW_MS + LEASE_MS)
            for each in claims:
                with suppress(TaskLost), self.store.writing() as connection:
                    hold_task(connection, each)
                    finish(connection, each)

    def manage(self) -> None:
        user_id, game_ids = self.ada
        for step in range(ROUNDS):
            with self.may_be_refused() as connection:
                admit(connection, user_id, game_ids, LIMITS)
            with self.store.reading() as connection:
                job = active_batch(connection, user_id)
            if job is None:
                # Others were quick, and it is complete.
                continue
            with self.may_be_refused() as connection:
                pause_job(connection, user_id, job.id, now_ms=NOW_MS)
            with self.may_be_refused() as connection:
                resume_job(connection, user_id, job.id, LIMITS, now_ms=NOW_MS)
            if step % 2:
                with self.may_be_refused() as connection:
                    cancel_job(connection, user_id, job.id, now_ms=NOW_MS)

    def delete_games(self) -> None:
        user_id, game_ids = self.bob
        for game_id in game_ids[:ROUNDS]:
            with self.store.writing() as connection:
                assert delete_game(connection, user_id, game_id)

    def forget_user(self) -> None:
        removed = 1
        while removed:
            with self.store.writing() as connection:
                removed = remove_some_games(connection, self.eve[0], 3)
        with self.store.writing() as connection:
            remove_account(connection, self.eve[0])

    def put_right(self) -> None:
        for step in range(ROUNDS):
            with self.store.writing() as connection:
                # Now and then all leases have ended.
                sweep(connection, LIMITS, now_ms=NOW_MS + (step % 2) * 2 * LEASE_MS)

    @contextmanager
    def may_be_refused(self) -> Iterator[Connection]:
        with suppress(JobRefused), self.store.writing() as connection:
            yield connection


def test_everything_can_come_and_go_at_once(store: Store) -> None:
    with store.writing() as connection:
        people = [add_user_with_games(connection, name, 40) for name in ("ada", "bob", "eve")]
        for user_id, game_ids in people[1:]:
            admit(connection, user_id, game_ids, LIMITS)
    at_once(6, Turmoil(store, *people).part)
    with store.writing() as connection:
        sweep(connection, LIMITS, now_ms=NOW_MS)
        left = connection.execute(select(jobs.c.user_id).distinct()).scalars()
        assert set(left) == {people[0][0], people[1][0]}
        orphans = select(tasks.c.id).where(
            tasks.c.game_id.is_(None), tasks.c.state.in_(["queued", "running"])
        )
        assert connection.execute(orphans).all() == []


def test_the_sweep_waits_for_nobody_who_deletes_a_user(store: Store) -> None:
    if store.is_embedded:
        pytest.skip("SQLite's writers come one after the other")
    with store.writing() as connection:
        user_id, game_ids = add_user_with_games(connection, "ada", 3)
        admit(connection, user_id, game_ids, LIMITS)
        assert claim(connection, "w") is not None
        remove_some_games(connection, user_id, 3)
    with store.writing() as leaving, store.writing() as connection:
        # As whoever deletes the user does first; the tasks come after.
        leaving.execute(select(users.c.id).where(users.c.id == user_id).with_for_update())
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        report = sweep(connection, LIMITS, now_ms=NOW_MS + 2 * LEASE_MS)
    assert (report.freed, report.cancelled) == (0, 3)
