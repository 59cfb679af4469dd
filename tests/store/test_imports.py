"""Imports as rows: waiting, claimed by one worker, freed from the dead, never in two hands."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Connection, insert, select

from chess_analytics.store.import_claims import (
    MOST_ATTEMPTS,
    Claim,
    ImportLost,
    Lease,
    claim_import,
    end_import,
    extend_leases,
    free_dead_imports,
    give_back,
    hold_import,
    set_counts,
    set_resume_point,
)
from chess_analytics.store.import_problems import (
    Problem,
    forget_problems,
    insert_problems,
    problems_after,
)
from chess_analytics.store.imports import (
    Counts,
    ImportKind,
    ImportState,
    NewImport,
    ResumePoint,
    StoredImport,
    add_import,
    cancel_import,
    count_waiting,
    files_in_use,
    find_import,
    imports_before,
    open_import_of_player,
)
from chess_analytics.store.session import Store
from chess_analytics.store.tables import imports, players, users

LEASE = Lease(now_ms=1000, until_ms=2000)


def add_user(connection: Connection, name: str) -> int:
    user = insert(users).values(name=name, name_key=name, is_admin=False, created_ms=1)
    user_id: int = connection.execute(user.returning(users.c.id)).scalar_one()
    return user_id


def add_upload(connection: Connection, user_id: int, file: str | None = "f") -> int:
    new = NewImport(user_id=user_id, kind=ImportKind.UPLOAD, name="games.pgn", file=file)
    return add_import(connection, new, now_ms=500)


def claimed(connection: Connection, worker: str = "w", lease: Lease = LEASE) -> Claim:
    taken = claim_import(connection, worker, lease)
    assert taken is not None
    return taken[0]


def look(connection: Connection, import_id: int) -> StoredImport:
    user_id = connection.execute(
        select(imports.c.user_id).where(imports.c.id == import_id)
    ).scalar_one()
    found = find_import(connection, user_id, import_id)
    assert found is not None
    return found


@pytest.fixture
def ada(connection: Connection) -> int:
    return add_user(connection, "ada")


def test_an_import_is_claimed_once_and_says_when_it_began(connection: Connection, ada: int) -> None:
    import_id = add_upload(connection, ada)
    taken = claim_import(connection, "w", LEASE)
    assert taken is not None
    claim, found = taken
    assert (claim.import_id, claim.attempt) == (import_id, 1)
    assert (found.state, found.started_ms, found.attempts) == (ImportState.RUNNING, 1000, 1)
    assert claim_import(connection, "v", LEASE) is None


def test_imports_are_claimed_in_the_order_they_came_and_one_a_user(connection: Connection) -> None:
    ada, bob = add_user(connection, "ada"), add_user(connection, "bob")
    first, second = add_upload(connection, ada), add_upload(connection, ada)
    third = add_upload(connection, bob)
    one = claimed(connection)
    assert [one.import_id, claimed(connection).import_id] == [first, third]
    assert claim_import(connection, "w", LEASE) is None
    end_import(connection, one, ImportState.DONE, error=None, now_ms=1500)
    assert claimed(connection).import_id == second


def test_a_certain_import_can_be_claimed(connection: Connection, ada: int) -> None:
    add_upload(connection, ada)
    second = add_upload(connection, ada)
    taken = claim_import(connection, "w", LEASE, only=second)
    assert taken is not None
    assert taken[0].import_id == second
    assert claim_import(connection, "w", LEASE, only=second) is None


def test_a_site_is_asked_for_one_import_at_a_time(connection: Connection) -> None:
    ada, bob, eve = (add_user(connection, name) for name in ("ada", "bob", "eve"))
    for user_id, kind in [
        (ada, ImportKind.LICHESS),
        (bob, ImportKind.LICHESS),
        (eve, ImportKind.CHESSCOM),
    ]:
        add_import(connection, NewImport(user_id=user_id, kind=kind, name="x"), now_ms=1)
    add_upload(connection, bob)
    first = claim_import(connection, "w", LEASE, kinds=[ImportKind.LICHESS])
    assert first is not None
    assert first[1].user_id == ada
    assert claim_import(connection, "w", LEASE, kinds=[ImportKind.LICHESS]) is None
    others = [claim_import(connection, "w", LEASE) for _ in range(3)]
    assert [each and (each[1].kind, each[1].user_id) for each in others] == [
        (ImportKind.CHESSCOM, eve),
        (ImportKind.UPLOAD, bob),
        None,
    ]
    end_import(connection, first[0], ImportState.DONE, error=None, now_ms=2)
    assert claim_import(connection, "w", LEASE) is None  # Bob's file is being read.


def test_who_holds_a_claim_learns_that_the_user_wants_it_to_end(
    connection: Connection, ada: int
) -> None:
    import_id = add_upload(connection, ada)
    claim = claimed(connection)
    assert not hold_import(connection, claim, LEASE)
    cancel_import(connection, import_id, now_ms=1100)
    assert look(connection, import_id).state is ImportState.RUNNING
    assert hold_import(connection, claim, LEASE)
    assert extend_leases(connection, [claim], Lease(3000, 4000)) == {import_id}


def test_a_waiting_import_is_cancelled_at_once(connection: Connection, ada: int) -> None:
    import_id = add_upload(connection, ada)
    cancel_import(connection, import_id, now_ms=1100)
    found = look(connection, import_id)
    assert (found.state, found.ended_ms, found.file) == (ImportState.CANCELLED, 1100, None)
    assert claim_import(connection, "w", LEASE) is None


def test_an_import_that_has_ended_cannot_be_cancelled(connection: Connection, ada: int) -> None:
    import_id = add_upload(connection, ada)
    end_import(connection, claimed(connection), ImportState.DONE, error=None, now_ms=1500)
    cancel_import(connection, import_id, now_ms=1600)
    found = look(connection, import_id)
    assert (found.state, found.ended_ms, found.wants_cancel) == (ImportState.DONE, 1500, False)


def _hold(connection: Connection, claim: Claim) -> None:
    hold_import(connection, claim, LEASE)


def _end(connection: Connection, claim: Claim) -> None:
    end_import(connection, claim, ImportState.DONE, error=None, now_ms=9)


@pytest.mark.parametrize("write", [_hold, _end])
def test_a_worker_that_slept_through_its_lease_can_write_nothing(
    connection: Connection, ada: int, write: Callable[[Connection, Claim], None]
) -> None:
    import_id = add_upload(connection, ada)
    old = claimed(connection)
    free_dead_imports(connection, now_ms=2001)
    new = claimed(connection, lease=Lease(2001, 3001))
    assert new.attempt == 2
    with pytest.raises(ImportLost, match=str(import_id)):
        write(connection, old)
    set_counts(connection, old, Counts(added=7), bytes_read=7)
    give_back(connection, old)
    assert look(connection, import_id).counts.added == 0
    assert look(connection, import_id).state is ImportState.RUNNING
    hold_import(connection, new, LEASE)


def test_only_the_dead_lose_their_imports(connection: Connection) -> None:
    ada, bob = add_user(connection, "ada"), add_user(connection, "bob")
    first, second = add_upload(connection, ada), add_upload(connection, bob)
    claimed(connection, lease=Lease(1000, 2000))
    claimed(connection, lease=Lease(1000, 5000))
    free_dead_imports(connection, now_ms=3000)
    states = [look(connection, each).state for each in (first, second)]
    assert states == [ImportState.WAITING, ImportState.RUNNING]
    free_dead_imports(connection, now_ms=3000, all_are_dead=True)
    assert look(connection, second).state is ImportState.WAITING


def test_a_lease_that_is_extended_does_not_run_out(connection: Connection, ada: int) -> None:
    import_id = add_upload(connection, ada)
    claim = claimed(connection, lease=Lease(1000, 2000))
    assert extend_leases(connection, [claim], Lease(1900, 2900)) == set()
    free_dead_imports(connection, now_ms=2500)
    assert look(connection, import_id).state is ImportState.RUNNING


def test_an_import_that_kills_its_workers_is_given_up_in_words(
    connection: Connection, ada: int
) -> None:
    import_id = add_upload(connection, ada)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert claimed(connection).attempt == attempt
        free_dead_imports(connection, now_ms=2001)
    found = look(connection, import_id)
    assert (found.state, found.file, found.ended_ms) == (ImportState.FAILED, None, 2001)
    assert found.error
    assert "stopped or failed 3 times" in found.error


def test_a_server_that_is_told_to_stop_does_not_use_up_attempts(
    connection: Connection, ada: int
) -> None:
    import_id = add_upload(connection, ada)
    for _ in range(MOST_ATTEMPTS + 2):
        give_back(connection, claimed(connection))
    found = look(connection, import_id)
    assert (found.state, found.attempts) == (ImportState.WAITING, 0)


def test_a_dead_import_that_was_to_end_ends(connection: Connection, ada: int) -> None:
    import_id = add_upload(connection, ada)
    claimed(connection)
    cancel_import(connection, import_id, now_ms=1100)
    free_dead_imports(connection, now_ms=2001)
    assert look(connection, import_id).state is ImportState.CANCELLED


def test_a_dead_import_of_a_file_that_only_its_command_had_is_not_taken_up(
    connection: Connection, ada: int
) -> None:
    import_id = add_upload(connection, ada, file=None)
    assert claim_import(connection, "a server", LEASE) is None
    assert claim_import(connection, "its command", LEASE, only=import_id)
    free_dead_imports(connection, now_ms=2001)
    found = look(connection, import_id)
    assert found.state is ImportState.FAILED
    assert "Give the same command again" in (found.error or "")


def test_counts_are_kept_and_add_up(connection: Connection, ada: int) -> None:
    import_id = add_upload(connection, ada)
    claim = claimed(connection)
    counts = Counts(added=5, already_there=3, set_aside=2, broken=1, reasons={"no moves": 2})
    set_counts(connection, claim, counts, bytes_read=77)
    set_resume_point(connection, claim, ResumePoint(Counts(added=4), 9))
    row = connection.execute(select(imports.c.found)).scalar_one()
    found = look(connection, import_id)
    assert (row, found.counts, found.bytes_read) == (11, counts, 77)
    assert found.resume_point == ResumePoint(Counts(added=4), 9)


def test_pages_of_imports_are_the_users_own_newest_first(connection: Connection) -> None:
    ada, bob = add_user(connection, "ada"), add_user(connection, "bob")
    ids = [add_upload(connection, ada) for _ in range(5)]
    strange = add_upload(connection, bob)
    first = imports_before(connection, ada, None, 3)
    second = imports_before(connection, ada, first[-1].id, 3)
    assert [each.id for each in (*first, *second)] == ids[::-1]
    assert find_import(connection, ada, strange) is None
    assert count_waiting(connection, ada) == 5


def test_a_players_open_import_is_found(connection: Connection, ada: int) -> None:
    player = insert(players).values(
        user_id=ada, site="lichess", name="A", name_key="a", created_ms=1
    )
    player_id = connection.execute(player.returning(players.c.id)).scalar_one()
    new = NewImport(user_id=ada, kind=ImportKind.LICHESS, name="A", player_id=player_id)
    assert open_import_of_player(connection, player_id) is None
    import_id = add_import(connection, new, now_ms=1)
    for _ in range(2):
        found = open_import_of_player(connection, player_id)
        assert found is not None
        assert found.id == import_id
        claim_import(connection, "w", LEASE)
    claim = Claim(import_id, "w", 1)
    end_import(connection, claim, ImportState.FAILED, error="why", now_ms=2)
    assert open_import_of_player(connection, player_id) is None


def test_the_files_that_are_needed_are_named(connection: Connection) -> None:
    ada, bob = add_user(connection, "ada"), add_user(connection, "bob")
    add_upload(connection, ada, "one")
    add_upload(connection, bob, "two")
    claim = claimed(connection)
    assert files_in_use(connection) == {"one", "two"}
    end_import(connection, claim, ImportState.DONE, error=None, now_ms=2)
    assert files_in_use(connection) == {"two"}


def _problem(ordinal: int, white: str | None = None) -> Problem:
    return Problem(
        ordinal=ordinal, kind="broken", reason="why", detail="", source="a.pgn", number=ordinal,
        line=9, white=white, black=None,
    )  # fmt: skip


def test_problems_come_in_order_and_page_by_page(connection: Connection, ada: int) -> None:
    import_id = add_upload(connection, ada)
    insert_problems(connection, import_id, [_problem(4), _problem(2, "Anna"), _problem(9)])
    insert_problems(connection, import_id, [])
    first = problems_after(connection, import_id, 0, 2)
    assert first == [_problem(2, "Anna"), _problem(4)]
    assert problems_after(connection, import_id, 4, 2) == [_problem(9)]
    forget_problems(connection, import_id, after=2)
    assert problems_after(connection, import_id, 0, 9) == [_problem(2, "Anna")]


def test_many_workers_at_once_share_the_imports_and_take_none_twice(store: Store) -> None:
    with store.writing() as connection:
        owners = [add_user(connection, f"user{number}") for number in range(4)]
        for user_id in owners * 3:
            add_upload(connection, user_id)
    taken: list[int] = []
    together = threading.Barrier(6)

    def work(worker: str) -> None:
        together.wait()
        idle = 0
        while idle < 20:
            with store.writing() as connection:
                claim = claim_import(connection, worker, LEASE)
            if not claim:
                idle += 1
                continue
            taken.append(claim[0].import_id)
            with store.writing() as connection:
                running = connection.execute(
                    select(imports.c.user_id).where(imports.c.state == ImportState.RUNNING)
                ).scalars()
                owned = list(running)
                end_import(connection, claim[0], ImportState.DONE, error=None, now_ms=9)
            assert len(owned) == len(set(owned))

    workers = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with store.reading() as connection:
        done = connection.execute(
            select(imports.c.id).where(imports.c.state == ImportState.DONE)
        ).scalars()
        assert len(taken) == len(set(taken)) == len(list(done)) == 12


def test_however_many_workers_claim_at_once_a_site_is_asked_for_one_import(store: Store) -> None:
    with store.writing() as connection:
        for number in range(6):
            user_id = add_user(connection, f"user{number}")
            new = NewImport(user_id=user_id, kind=ImportKind.LICHESS, name="x")
            add_import(connection, new, now_ms=1)
    at_once = threading.Barrier(6)
    taken: list[StoredImport] = []

    def work(worker: str) -> None:
        at_once.wait()
        with store.writing() as connection:
            claimed = claim_import(connection, worker, LEASE)
        if claimed:
            taken.append(claimed[1])

    workers = [threading.Thread(target=work, args=(f"w{number}",)) for number in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(taken) == 1
    with store.reading() as connection:
        running = select(imports.c.id).where(imports.c.state == ImportState.RUNNING)
        assert connection.execute(running).scalars().all() == [taken[0].id]
