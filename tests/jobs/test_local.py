"""Workers on this machine: every game once, with the numbers it always gets, whatever happens."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, delete
from sqlalchemy.exc import OperationalError

from chess_analytics.actions.analyse_game import analyse_game, settings_key
from chess_analytics.engine.evaluation import EngineDied, SearchRequest
from chess_analytics.engine.profile import FAST, uniform
from chess_analytics.jobs.beat import _JUST_TAKEN_S, Upkeep
from chess_analytics.jobs.local import _BEAT_S
from chess_analytics.jobs.quiet_hours import QuietHours
from chess_analytics.store.games import delete_game
from chess_analytics.store.job_admission import JobLimits
from chess_analytics.store.job_control import cancel_job
from chess_analytics.store.job_rows import JobKind, JobState, TaskState
from chess_analytics.store.runs import evaluations_of_run
from chess_analytics.store.session import Store
from chess_analytics.store.tables import users
from chess_analytics.store.workers import workers_seen_since
from tests.builders import game
from tests.fakes import FakeEngine
from tests.jobs.studio import FIRST_MOVES, Studio, TestSource, wait_until

_PROMISED_S = 2.0


@pytest.fixture
def studio(store: Store) -> Studio:
    return Studio(store)


def ended(studio: Studio, user: int, job: int) -> JobState:
    wait_until(lambda: studio.look(user, job).ended_ms is not None)
    return studio.look(user, job).state


def states(studio: Studio, job: int) -> list[TaskState]:
    return [task.state for task in studio.tasks(job)]


def at_the_third_ply(request: SearchRequest) -> bool:
    return len(request.moves) == 3


def of_the_first_game(request: SearchRequest) -> bool:
    return request.moves[:1] == ("e2e4",)


def has_failed(studio: Studio, job: int, times: int) -> bool:
    """Tell whether the first game of a job has failed so often, and nobody is at it now."""
    first = studio.tasks(job)[0]
    return first.attempts == times and bool(first.error) and first.state is not TaskState.RUNNING


def test_every_game_gets_its_run_and_the_job_is_complete(studio: Studio) -> None:
    user = studio.add_user()
    games = studio.games(user, 8)
    job = studio.job(user, games)
    source = TestSource()
    with studio.workers(source) as workers:
        assert ended(studio, user, job) is JobState.COMPLETED
        wait_until(lambda: workers.busy == 0)
    assert studio.attempts(job) == [1] * 8
    assert [len(studio.runs(game)) for game in games] == [1] * 8
    assert [task.run_id for task in studio.tasks(job)] == [
        studio.runs(game)[0].id for game in games
    ]
    # One engine a slot, alive from game to game.
    assert 1 <= len(source.started) <= 2
    assert studio.is_free()


def test_the_next_in_line_gets_a_place_as_soon_as_it_is_free(studio: Studio) -> None:
    ada, bob, eve = (studio.add_user(name) for name in ("ada", "bob", "eve"))
    limits = JobLimits(places=1, line=True)
    jobs = [
        (user, studio.job(user, studio.games(user, 2), limits=limits)) for user in (ada, bob, eve)
    ]
    assert studio.look(*jobs[1]).state is JobState.WAITING
    # The sweep would do it, in an hour.
    rarely = Upkeep(limits, most_evaluations=1000, sweep_s=3600)
    with studio.workers(TestSource(), upkeep=rarely):
        assert [ended(studio, *job) for job in jobs] == [JobState.COMPLETED] * 3


def test_a_game_gets_the_numbers_that_the_command_analyse_gives_it(studio: Studio) -> None:
    user = studio.add_user()
    (game_id,) = studio.games(user, 1)
    job = studio.job(user, [game_id])
    with studio.workers(TestSource()):
        ended(studio, user, job)
    (run,) = studio.runs(game_id)
    alone = analyse_game(game(f"1. {FIRST_MOVES[0]} e6 2. h4 Nh6 *"), FakeEngine(), uniform(100))
    with studio.store.reading() as connection:
        assert evaluations_of_run(connection, run.id) == alone.evaluations
    assert run.settings_key == settings_key(FakeEngine().identity, uniform(100))
    assert (run.engine, run.profile, run.nodes) == (alone.engine, "nodes-100", alone.nodes)


def test_what_games_share_is_searched_for_the_first_of_them_only(studio: Studio) -> None:
    user = studio.add_user()
    games = [*studio.games(user, 1), *studio.games(user, 1)]
    source = TestSource()
    with studio.workers(source, slots=1):
        ended(studio, user, studio.job(user, games[:1], profile="fast"))
        shared_nodes = {request.nodes for engine in source.started for request in engine.asked}
        assert FAST.shared_nodes in shared_nodes
        searched = source.searches
        ended(studio, user, studio.job(user, games[1:], profile="fast"))
    later = source.started[0].asked[searched:]
    assert FAST.shared_nodes not in {request.nodes for request in later}
    first, second = (studio.runs(game_id)[0] for game_id in games)
    with studio.store.reading() as connection:
        assert evaluations_of_run(connection, first.id) == evaluations_of_run(connection, second.id)


def test_a_run_that_is_there_ends_its_task_without_a_search(studio: Studio) -> None:
    user = studio.add_user()
    games = studio.games(user, 1)
    source = TestSource()
    with studio.workers(source):
        ended(studio, user, studio.job(user, games))
        searched = source.searches
        again = studio.job(user, games)
        assert ended(studio, user, again) is JobState.COMPLETED
    assert source.searches == searched
    (task,) = studio.tasks(again)
    assert task.was_there
    assert [run.id for run in studio.runs(games[0])] == [task.run_id]


def test_a_game_that_kills_its_engine_fails_after_three_attempts_and_the_others_are_done(
    studio: Studio,
) -> None:
    user = studio.add_user()
    job = studio.job(user, studio.games(user, 3))
    source = TestSource(
        fails=lambda request: EngineDied("it fell over") if of_the_first_game(request) else None
    )
    with studio.workers(source):
        # Whoever were at work when the clock is put forward would lose their game.
        wait_until(lambda: states(studio, job)[1:] == [TaskState.DONE] * 2)
        for attempt in (1, 2, 3):
            wait_until(lambda number=attempt: has_failed(studio, job, number))  # type: ignore[misc]
            # A retry waits.
            studio.ahead_ms += 600_000
        assert ended(studio, user, job) is JobState.COMPLETED_WITH_FAILURES
    assert studio.attempts(job) == [3, 1, 1]
    assert states(studio, job) == [TaskState.FAILED, TaskState.DONE, TaskState.DONE]
    assert studio.tasks(job)[0].error == "it fell over"


def test_a_text_that_is_no_game_is_not_tried_again(studio: Studio) -> None:
    user = studio.add_user()
    games = studio.games(user, 2)
    studio.spoil(games[0])
    job = studio.job(user, games)
    with studio.workers(TestSource()):
        assert ended(studio, user, job) is JobState.COMPLETED_WITH_FAILURES
    assert studio.attempts(job) == [1, 1]
    assert "delete the game and import it again" in (studio.tasks(job)[0].error or "")


def test_what_nobody_thought_of_fails_one_game_and_ends_no_thread(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    user = studio.add_user()
    job = studio.job(user, studio.games(user, 2))
    source = TestSource(
        fails=lambda request: ZeroDivisionError("oh") if of_the_first_game(request) else None
    )
    with studio.workers(source, slots=1):
        wait_until(lambda: states(studio, job)[1] is TaskState.DONE)
        error = studio.tasks(job)[0].error or ""
        later = studio.job(user, studio.games(user, 2)[1:], kind=JobKind.SINGLE)
        assert ended(studio, user, later) is JobState.COMPLETED
    assert "its log tells" in error
    assert "ZeroDivisionError" in caplog.text


def test_a_cancelled_job_stops_its_engine_and_the_next_job_gets_a_new_one(studio: Studio) -> None:
    user, other = studio.add_user(), studio.add_user("bob")
    job = studio.job(user, studio.games(user, 1))
    source = TestSource(holds=at_the_third_ply)
    with studio.workers(source, slots=1):
        assert source.held.wait(60)
        with studio.store.writing() as connection:
            cancel_job(connection, user, job, now_ms=studio.clock(connection))
        assert source.interrupted.wait(60)
        source.release()
        later = studio.job(other, studio.games(other, 1))
        assert ended(studio, other, later) is JobState.COMPLETED
    assert studio.look(user, job).state is JobState.CANCELLED
    assert states(studio, job) == [TaskState.CANCELLED]
    assert len(source.started) == 2


def test_a_cancelled_game_goes_on_for_two_seconds_at_most_where_nothing_else_takes_time() -> None:
    # How long it really takes is measured by `bench.jobs`.
    assert _JUST_TAKEN_S + _BEAT_S <= _PROMISED_S


def test_a_deleted_user_stops_the_engine(studio: Studio) -> None:
    user = studio.add_user()
    studio.job(user, studio.games(user, 1))
    source = TestSource(holds=at_the_third_ply)
    with studio.workers(source) as workers:
        assert source.held.wait(60)
        with studio.store.writing() as connection:
            connection.execute(delete(users).where(users.c.id == user))
        assert source.interrupted.wait(60)
        wait_until(lambda: workers.busy == 0)
    assert studio.is_free()


def test_a_game_that_is_deleted_meanwhile_leaves_no_run_and_its_job_ends(studio: Studio) -> None:
    user = studio.add_user()
    games = studio.games(user, 2)
    job = studio.job(user, games)
    source = TestSource(holds=lambda r: of_the_first_game(r) and at_the_third_ply(r))
    with studio.workers(source, slots=1) as workers:
        assert source.held.wait(60)
        with studio.store.writing() as connection:
            delete_game(connection, user, games[0])
        source.release()
        wait_until(lambda: states(studio, job)[1] is TaskState.DONE)
        wait_until(lambda: workers.busy == 0)
        # The sweep of a later moment, when every lease has run out.
        studio.ahead_ms += 600_000
        assert ended(studio, user, job) is JobState.COMPLETED
    assert states(studio, job) == [TaskState.CANCELLED, TaskState.DONE]


def test_without_an_engine_games_wait_and_it_is_said_why(
    studio: Studio, caplog: pytest.LogCaptureFixture
) -> None:
    user = studio.add_user()
    job = studio.job(user, studio.games(user, 2))
    source = TestSource(missing="install one")
    with studio.workers(source) as workers:
        wait_until(lambda: workers.supply.missing is not None)
        wait_until(lambda: (None, "install one") in shown(studio))
        wait_until(lambda: states(studio, job) == [TaskState.QUEUED] * 2)
        source.missing = None
        assert ended(studio, user, job) is JobState.COMPLETED
        wait_until(lambda: ("Fake 1", None) in shown(studio))
    assert studio.attempts(job) == [1, 1]
    assert caplog.text.count("install one") == 1


def shown(studio: Studio) -> list[tuple[str | None, str | None]]:
    """Give the engines that workers have, and what is wrong with them."""
    with studio.store.reading() as connection:
        seen = workers_seen_since(connection, 0)
    return [(one.report.engine, one.report.problem) for one in seen]


def test_a_worker_that_is_told_to_stop_finishes_the_games_at_hand(studio: Studio) -> None:
    user = studio.add_user()
    job = studio.job(user, studio.games(user, 3))
    source = TestSource(holds=at_the_third_ply)
    with studio.workers(source, slots=1, grace_s=60) as workers:
        assert source.held.wait(60)
        workers.drain()
        source.release()
        workers.stop()
        assert states(studio, job) == [TaskState.DONE, TaskState.QUEUED, TaskState.QUEUED]
    assert studio.attempts(job) == [1, 0, 0]


def test_after_the_grace_time_the_games_at_hand_are_given_back(studio: Studio) -> None:
    user = studio.add_user()
    job = studio.job(user, studio.games(user, 2))
    source = TestSource(holds=at_the_third_ply)
    with studio.workers(source, slots=1, grace_s=0.1) as workers:
        assert source.held.wait(60)
        workers.stop()
        assert source.interrupted.is_set()
    assert states(studio, job) == [TaskState.QUEUED] * 2
    assert studio.attempts(job) == [0, 0]
    assert studio.is_free()


def test_a_worker_that_is_halted_waits_for_no_game(studio: Studio) -> None:
    user = studio.add_user()
    job = studio.job(user, studio.games(user, 2))
    source = TestSource(holds=at_the_third_ply)
    with studio.workers(source, slots=2, grace_s=3600) as workers:
        assert source.held.wait(60)
        stopping = threading.Thread(target=workers.stop)
        stopping.start()
        workers.halt()
        stopping.join(60)
        assert not stopping.is_alive()
    assert states(studio, job) == [TaskState.QUEUED] * 2
    assert studio.is_free()


class FlakyStore(Store):
    """A store whose database is away for the next so many transactions that write."""

    def __init__(self, store: Store) -> None:
        super().__init__(store._writer, store._reader)
        self.away = 0

    @contextmanager
    def writing(self, *, outlasts_power: bool = True) -> Iterator[Connection]:
        with super().writing(outlasts_power=outlasts_power) as connection:
            yield connection
            if self.away:
                self.away -= 1
                raise OperationalError("COMMIT", None, Exception("the server was restarted"))


def test_a_database_that_is_away_for_a_moment_costs_no_search(studio: Studio) -> None:
    user = studio.add_user()
    (game_id,) = studio.games(user, 1)
    job = studio.job(user, [game_id])
    store, source = FlakyStore(studio.store), TestSource(holds=at_the_third_ply)
    with studio.workers(source, store=store, slots=1):
        assert source.held.wait(60)
        store.away = 3
        source.release()
        assert ended(studio, user, job) is JobState.COMPLETED
    assert studio.attempts(job) == [1]
    assert len(studio.runs(game_id)) == 1
    assert source.searches == len(source.started[0].asked)


def test_in_quiet_hours_only_single_games_are_analysed(studio: Studio) -> None:
    user = studio.add_user()
    games = studio.games(user, 2)
    batch = studio.job(user, games[:1])
    single = studio.job(user, games[1:], kind=JobKind.SINGLE)
    # From this minute on for the rest of a day, but for a minute or so.
    now = datetime.now().astimezone()
    quiet = QuietHours.parse(f"{now:%H:%M}-{now - timedelta(minutes=1):%H:%M}")
    with studio.workers(TestSource(), quiet=quiet):
        assert ended(studio, user, single) is JobState.COMPLETED
        assert states(studio, batch) == [TaskState.QUEUED]
    with studio.workers(TestSource()):
        assert ended(studio, user, batch) is JobState.COMPLETED


def test_many_users_and_many_slots_analyse_every_game_once(studio: Studio) -> None:
    everybody = [studio.add_user(f"user{number}") for number in range(3)]
    theirs = {user: studio.games(user, len(FIRST_MOVES)) for user in everybody}
    placed = {user: studio.job(user, games) for user, games in theirs.items()}
    # Several may share PostgreSQL, but one alone has the folder with SQLite.
    crews = 1 if studio.store.is_embedded else 2
    with ExitStack() as stack:
        for _ in range(crews):
            stack.enter_context(studio.workers(TestSource(), slots=4))
        for user, job in placed.items():
            assert ended(studio, user, job) is JobState.COMPLETED
    for user, job in placed.items():
        assert studio.attempts(job) == [1] * len(FIRST_MOVES)
        assert [len(studio.runs(game_id)) for game_id in theirs[user]] == [1] * len(FIRST_MOVES)
