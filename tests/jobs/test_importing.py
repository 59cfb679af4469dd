"""The server's worker: threads that take what waits, live through faults, and stop when told."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection

from chess_analytics.actions.link_players import link_player
from chess_analytics.actions.start_imports import start_sync
from chess_analytics.games.model import Site
from chess_analytics.jobs.bell import Bell
from chess_analytics.jobs.importing import ImportWorker
from chess_analytics.sources.http import SiteAccess
from chess_analytics.store.import_claims import Lease, claim_import
from chess_analytics.store.imports import ImportState, cancel_import
from chess_analytics.store.session import Store
from tests.jobs.studio import wait_until
from tests.sources import lichess_player
from tests.sources.replay import LichessSite, Replay, serving, silent
from tests.workshop import Bench

GAMES = '[White "Ann"]\n\n1. e4 e5 1-0\n\n[White "Bob"]\n\n1. d4 d5 0-1\n'
LONG_ENOUGH_S = 60


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Bench:
    return Bench(store, tmp_path)


@contextmanager
def started(worker: ImportWorker) -> Iterator[ImportWorker]:
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


def is_in(bench: Bench, import_id: int, *states: ImportState) -> Callable[[], bool]:
    return lambda: bench.look(import_id).state in states


def cancel(bench: Bench, import_id: int) -> None:
    with bench.store.writing() as connection:
        cancel_import(connection, import_id, now_ms=bench.now_ms)


def test_what_waited_before_the_start_is_done_and_what_comes_later_too(bench: Bench) -> None:
    before = bench.upload(GAMES)
    with started(bench.worker()) as worker:
        wait_until(is_in(bench, before, ImportState.DONE))
        later = bench.upload(GAMES)
        worker.ring()
        wait_until(is_in(bench, later, ImportState.DONE))
    assert bench.look(later).counts.already_there == 2


def test_many_imports_of_many_users_are_done_once_each(bench: Bench) -> None:
    users = [bench.user_id, *[bench.add_user(f"user{number}") for number in range(3)]]
    waiting = [(bench.upload(GAMES, user_id=user), user) for user in users * 3]
    # Servers may share a database, but not a folder with SQLite.
    names = ("one",) if bench.store.is_embedded else ("one", "two")
    with ExitStack() as stack:
        for name in names:
            stack.enter_context(started(bench.worker(name=name)))
        for import_id, user in waiting:
            wait_until(
                lambda i=import_id, u=user: bench.look(i, u).state is ImportState.DONE  # type: ignore[misc]
            )
    for place, (import_id, user) in enumerate(waiting):
        found = bench.look(import_id, user)
        assert found.attempts == 1
        assert found.counts.found == 2
        assert found.counts.added == (2 if place < len(users) else 0)


def test_a_worker_that_stops_leaves_its_import_to_the_next_one(bench: Bench) -> None:
    bench.batch = 1
    import_id = bench.upload(GAMES + '\n[White "Cid"]\n\n1. c4 c5 1-0\n')
    worker = bench.worker()
    is_halfway = threading.Event()

    def wait_for_the_stop() -> None:
        is_halfway.set()
        wait_until(lambda: all(each.halt.is_set() for each in worker._running.values()))

    # It is told to stop while it works on the second of three games.
    bench.meanwhile(lambda: bench.look(import_id).counts.added == 1, wait_for_the_stop)
    with started(worker):
        assert is_halfway.wait(LONG_ENOUGH_S)
    found = bench.look(import_id)
    assert (found.state, found.attempts, found.counts.added) == (ImportState.WAITING, 0, 2)
    assert len(bench.uploads()) == 1
    with started(bench.worker(name="next")):
        wait_until(is_in(bench, import_id, ImportState.DONE))
    found = bench.look(import_id)
    assert (found.attempts, found.counts.added, found.counts.already_there) == (1, 3, 0)


@pytest.fixture
def slow_lichess(bench: Bench, socket_enabled: None) -> Iterator[Replay]:  # noqa: ARG001
    """Serve a site that falls silent in the middle of its answer."""
    site = LichessSite("Ann", [lichess_player.game(number) for number in range(1, 4)])
    with serving(site) as replay:
        bench.access = SiteAccess(
            lichess_base=replay.base, user_agent="chess-analytics/1", silence_s=0.2
        )
        yield replay


def begin_sync(bench: Bench) -> int:
    with bench.store.writing() as connection:
        player = link_player(connection, bench.user_id, Site.LICHESS, "Ann", now_ms=bench.now_ms)
        waiting = start_sync(connection, bench.user_id, player.id, now_ms=bench.now_ms)
    assert waiting is not None
    return waiting.id


@pytest.mark.parametrize(
    ("end", "state"), [(cancel, ImportState.CANCELLED), (None, ImportState.WAITING)]
)
def test_an_import_that_waits_for_its_site_ends_at_once_when_it_has_to(
    bench: Bench,
    slow_lichess: Replay,
    end: Callable[[Bench, int], None] | None,
    state: ImportState,
) -> None:
    slow_lichess.faults.extend([silent(700)] * 99)
    bench.waits_in_earnest = True
    import_id = begin_sync(bench)
    with started(bench.worker()) as worker:
        # It has asked once, and waits for seconds before it asks again.
        wait_until(lambda: bench.look(import_id).counts.added > 0)
        if end:
            end(bench, import_id)
            worker.ring()
            wait_until(is_in(bench, import_id, state))
    assert bench.look(import_id).state is state
    assert bench.look(import_id).counts.added == len(bench.site_ids()) > 0


def test_files_are_read_while_a_site_keeps_an_import_waiting(
    bench: Bench, slow_lichess: Replay
) -> None:
    slow_lichess.faults.extend([silent(700)] * 99)
    bench.waits_in_earnest = True
    import_id = begin_sync(bench)
    bob = bench.add_user("bob")
    with started(bench.worker()) as worker:
        wait_until(lambda: bench.look(import_id).counts.added > 0)
        uploads = [bench.upload(GAMES, user_id=bob) for _ in range(3)]
        worker.ring()
        for upload in uploads:
            wait_until(lambda i=upload: bench.look(i, bob).state is ImportState.DONE)  # type: ignore[misc]
        assert bench.look(import_id).state is ImportState.RUNNING


class Faulty(Store):
    """A database that fails a few times, in the transaction that would end an import."""

    def __init__(self, store: Store, faults: int) -> None:
        super().__init__(store._writer, store._reader)
        self.faults = faults
        self._count = 0

    @contextmanager
    def writing(self, *, outlasts_power: bool = True) -> Iterator[Connection]:
        self._count += 1
        with super().writing(outlasts_power=outlasts_power) as connection:
            yield connection
            # The claim is the first transaction, the games are the second.
            if self._count % 3 == 2 and self.faults:
                self.faults -= 1
                raise RuntimeError("the disk is on fire")


def test_a_fault_that_passes_costs_an_attempt_and_nothing_else(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    import_id = bench.upload(GAMES)
    worker = bench.worker(Faulty(bench.store, 1))
    worker.run_waiting()
    assert bench.look(import_id).state is ImportState.WAITING
    assert "the disk is on fire" in caplog.text
    worker.run_waiting()
    found = bench.look(import_id)
    assert (found.state, found.attempts, found.counts.added) == (ImportState.DONE, 2, 2)


def test_a_fault_that_stays_is_told_to_the_user_in_words(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    import_id = bench.upload(GAMES)
    for _ in range(4):
        bench.worker(Faulty(bench.store, 1)).run_waiting()
    found = bench.look(import_id)
    assert (found.state, found.attempts) == (ImportState.FAILED, 3)
    assert "failed 3 times" in (found.error or "")
    assert "fire" not in (found.error or "")
    assert caplog.text.count("import.fault") == 3
    # Nobody needs the file any more; the sweep knows.
    bench.now_ms = 4_000_000_000_000
    bench.worker().recover()
    assert bench.uploads() == []


def test_a_thread_lives_through_whatever_happens(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken(Store):
        """A database that is away until it is back."""

        is_away = False

        @contextmanager
        def reading(self) -> Iterator[Connection]:
            if self.is_away:
                raise RuntimeError("nobody answers")
            with super().reading() as connection:
                yield connection

    store = Broken(bench.store._writer, bench.store._reader)
    import_id = bench.upload(GAMES)
    worker = bench.worker(store)
    worker.recover()
    store.is_away = True
    with caplog.at_level(logging.ERROR), started(worker):
        wait_until(lambda: "nobody answers" in caplog.text)
        store.is_away = False
        worker.ring()
        wait_until(is_in(bench, import_id, ImportState.DONE))


def test_a_living_workers_imports_are_not_taken_away(bench: Bench) -> None:
    bench.batch = 1
    import_id = bench.upload(GAMES)
    living, other = bench.worker(name="living"), bench.worker(name="other")

    def minutes_pass() -> None:
        for _ in range(6):
            bench.now_ms += 30_000
            living.beat()
            other.beat()
            other.run_waiting()

    bench.meanwhile(lambda: bench.look(import_id).counts.added == 1, minutes_pass)
    living.run_waiting()
    found = bench.look(import_id)
    assert (found.state, found.attempts, found.counts.added) == (ImportState.DONE, 1, 2)


def test_a_dead_workers_imports_are_found_by_the_others(bench: Bench) -> None:
    import_id = bench.upload(GAMES)
    with bench.store.writing() as connection:
        claim_import(connection, "dead", Lease(bench.now_ms, bench.now_ms + 60_000))
    other = bench.worker(name="other")
    other.beat()
    other.run_waiting()
    assert bench.look(import_id).state is ImportState.RUNNING
    bench.now_ms += 60_001
    other.beat()
    other.run_waiting()
    assert (bench.look(import_id).state, bench.look(import_id).attempts) == (ImportState.DONE, 2)


def test_only_old_files_that_no_import_knows_are_swept(bench: Bench) -> None:
    bench.upload(GAMES)
    needed = bench.uploads()
    orphan = bench.folder / "uploads" / "orphan.upload"
    strange = bench.folder / "uploads" / "README"
    for path in (orphan, strange):
        path.write_text("x")
    bench.now_ms = int(time.time() * 1000)
    bench.worker().recover()
    # It may be an upload on its way.
    assert bench.uploads() == sorted([*needed, "orphan.upload", "README"])
    bench.now_ms += 3_600_001 + 5000
    bench.worker().recover()
    assert bench.uploads() == sorted([*needed, "README"])


def test_a_bell_that_rang_before_is_heard() -> None:
    bell = Bell()
    heard = bell.count
    bell.ring()
    bell.wait_for_more(heard, LONG_ENOUGH_S)
    bell.wait_for_more(bell.count, 0.001)
    assert bell.count == heard + 1
