"""Uploads come into the library: every entry counted, nothing twice, stopped at any moment."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from chess_analytics.actions.link_players import link_player
from chess_analytics.games.model import Side, Site
from chess_analytics.store.accounts import remove_account
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.games import delete_game, find_game
from chess_analytics.store.import_claims import claim_import
from chess_analytics.store.import_problems import problems_after
from chess_analytics.store.imports import Counts, ImportState, cancel_import
from chess_analytics.store.runs import RunSource, runs_of_game
from chess_analytics.store.session import Store
from chess_analytics.store.tables import games, imports, moves, runs
from tests.pgns import MIXED, different, pgn
from tests.shared_data import shared_data
from tests.sources import lichess_player
from tests.workshop import Bench


def _zip_of(name: str, text: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, text)
    return held.getvalue()


EVALUATED = """[Event "Rated Blitz game"]
[Site "https://lichess.org/abcdEFGH"]
[White "Anna"]
[Black "Bert"]
[Result "1-0"]

1. e4 { [%eval 0.3] } e5 { [%eval 0.2] } 2. Nf3 { [%eval 0.3] } f6 { [%eval 1.9] } 1-0
"""


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Bench:
    return Bench(store, tmp_path)


def test_every_entry_of_a_file_is_counted_in_one_place(bench: Bench) -> None:
    found = bench.imported(MIXED)
    assert found.state is ImportState.DONE
    assert found.counts == Counts(
        added=4,
        already_there=2,
        set_aside=2,
        broken=1,
        reasons={"variant: Atomic": 1, "no moves": 1, "a written move is not a legal move here": 1},
    )
    assert found.counts.found == 9
    assert found.bytes_read == found.bytes_total == len(MIXED)
    assert (found.attempts, found.started_ms, found.ended_ms) == (1, bench.now_ms, bench.now_ms)
    assert len(bench.library()) == 4
    with bench.store.reading() as connection:
        problems = problems_after(connection, found.id, 0, 99)
    assert [(each.ordinal, each.kind, each.reason) for each in problems] == [
        (4, "set_aside", "variant: Atomic"),
        (5, "broken", 'move 2 of White: "Nf9" is not a legal move here'),
        (8, "set_aside", "no moves"),
    ]
    assert problems[1].source == "games.pgn"
    assert MIXED.splitlines()[(problems[1].line or 0) - 1] == "1. e4 e5 2. Nf9 *"


def test_the_second_import_of_a_file_adds_nothing(bench: Bench) -> None:
    bench.imported(MIXED)
    again = bench.imported(MIXED)
    assert (again.counts.added, again.counts.already_there) == (0, 6)
    assert len(bench.library()) == 4


def test_a_file_that_was_imported_is_removed(bench: Bench) -> None:
    import_id = bench.upload(MIXED)
    assert bench.uploads() == [bench.look(import_id).file]
    bench.worker().run_waiting()
    assert bench.uploads() == []
    assert bench.look(import_id).file is None


def test_whoever_is_in_more_of_a_hurry_may_go_first_before_every_game(bench: Bench) -> None:
    ways = 0

    def give_way() -> None:
        nonlocal ways
        ways += 1

    bench.give_way = give_way
    counts = bench.imported(MIXED).counts
    assert counts.added
    # Once to read it, and once more to describe it.
    assert ways >= counts.found + counts.added


def test_another_users_games_are_not_there(bench: Bench) -> None:
    bench.imported(MIXED)
    bob = bench.add_user("bob")
    import_id = bench.upload(MIXED, user_id=bob)
    bench.worker().run_waiting()
    assert bench.look(import_id, bob).counts.added == 4


def test_packed_files_and_json_are_read_as_well(bench: Bench) -> None:
    assert bench.imported(gzip.compress(MIXED.encode())).counts.added == 4
    lines = "\n".join(json.dumps(lichess_player.game(number)) for number in (1, 2))
    found = bench.imported(lines, "games.ndjson")
    assert (found.counts.added, found.counts.found) == (2, 2)


def test_batches_give_what_one_batch_gives(bench: Bench) -> None:
    bench.batch = 2
    found = bench.imported(MIXED)
    assert (found.counts.added, found.counts.already_there, found.counts.found) == (4, 2, 9)
    with bench.store.reading() as connection:
        problems = problems_after(connection, found.id, 0, 99)
    assert [each.ordinal for each in problems] == [4, 5, 8]


@pytest.mark.parametrize("before_commit", [True, False])
def test_killed_at_any_commit_an_import_ends_with_the_right_counts(
    bench: Bench, *, before_commit: bool
) -> None:
    text = MIXED + different(12) + EVALUATED + pgn("1. e4 e5 2. Nf9 Nc6")
    bench.batch = 3
    whole = bench.imported(text, "whole.pgn")
    library = bench.library()
    killed = 0
    for number in range(1, 99):
        bench.user_id = bench.add_user(f"user{before_commit}{number}")
        import_id = bench.upload(text)
        if not bench.dies_at(number, before_commit=before_commit):
            break
        killed += 1
        assert bench.adds_up(import_id)
        bench.restart()
        found = bench.look(import_id)
        assert found.state is ImportState.DONE, number
        assert found.counts == whole.counts, number
        assert bench.library() == library, number
        with bench.store.reading() as connection:
            ordinals = [each.ordinal for each in problems_after(connection, import_id, 0, 99)]
            owned = select(runs.c.id).join(games).where(games.c.user_id == bench.user_id)
            assert len(connection.execute(owned).all()) == 1
        assert ordinals == [4, 5, 8, 23]
    # The claim, one commit for every three entries, and the end.
    assert killed == 1 + 8 + 1
    # Who dies after the end leaves a file behind that no import knows.
    assert len(bench.uploads()) == (0 if before_commit else 1)
    bench.now_ms = 4_000_000_000_000
    bench.worker().recover()
    assert bench.uploads() == []


def test_killed_again_and_again_it_is_given_up_and_keeps_what_it_had(bench: Bench) -> None:
    bench.batch = 2
    import_id = bench.upload(different(12))
    for _ in range(3):
        bench.now_ms += 120_000
        worker = bench.worker()
        worker.recover()
        assert bench.dies_at(3, before_commit=True)
    bench.restart()
    found = bench.look(import_id)
    assert found.state is ImportState.FAILED
    assert found.error
    assert "3 times" in found.error
    # One batch each time: it goes on from where it was.
    assert found.counts.added == len(bench.library()) == 6


def test_a_worker_that_lost_its_import_writes_nothing_more(bench: Bench) -> None:
    bench.batch = 2
    import_id = bench.upload(different(8))
    # The worker sleeps for minutes after its first batch, and another one does the rest.
    bench.meanwhile(lambda: bench.look(import_id).counts.added == 2, bench.restart)
    bench.worker(name="slow").run_waiting()
    found = bench.look(import_id)
    assert bench.events == []
    assert (found.state, found.counts.added, found.attempts) == (ImportState.DONE, 8, 2)
    assert len(bench.library()) == 8


def test_an_import_that_is_cancelled_stops_and_keeps_what_it_added(bench: Bench) -> None:
    bench.batch = 2
    import_id = bench.upload(different(12))

    def cancel() -> None:
        with bench.store.writing() as connection:
            cancel_import(connection, import_id, now_ms=bench.now_ms)

    bench.meanwhile(lambda: bench.look(import_id).counts.added == 4, cancel)
    bench.worker().run_waiting()
    found = bench.look(import_id)
    assert found.state is ImportState.CANCELLED
    # It is told at the next commit.
    assert found.counts.added == len(bench.library()) == 6
    assert bench.uploads() == []


def test_a_user_who_leaves_takes_the_running_import_along(bench: Bench) -> None:
    bench.batch = 2
    bench.upload(different(12))

    def leave() -> None:
        with bench.store.writing() as connection:
            remove_account(connection, bench.user_id)

    bench.meanwhile(lambda: len(bench.library()) == 4, leave)
    bench.worker().run_waiting()
    assert bench.events == []
    with bench.store.reading() as connection:
        assert connection.execute(select(games.c.id)).all() == []
        assert connection.execute(select(imports.c.id)).all() == []


def test_games_are_seen_from_the_side_of_the_names_that_are_linked(bench: Bench) -> None:
    def link() -> None:
        with bench.store.writing() as connection:
            link_player(connection, bench.user_id, Site.OTHER, "Bert", now_ms=bench.now_ms)

    bench.batch = 2
    bench.meanwhile(lambda: len(bench.library()) == 2, link)
    bench.imported(different(6, Result="0-1"))
    with bench.store.reading() as connection:
        seen = connection.execute(select(games.c.color, games.c.outcome, games.c.opponent)).all()
    # Those that were there, and those that came later.
    assert [tuple(row) for row in seen] == [(Side.BLACK, Outcome.WIN, "Anna")] * 6


def test_evaluations_that_come_along_are_a_run_of_their_own(bench: Bench) -> None:
    bench.imported(EVALUATED)
    with bench.store.reading() as connection:
        (game_id,) = connection.execute(select(games.c.id)).scalars()
        (run,) = runs_of_game(connection, game_id)
        plies = connection.execute(select(moves.c.ply, moves.c.judgment)).all()
        game = find_game(connection, bench.user_id, game_id)
    assert (run.source, run.engine) == (RunSource.SUPPLIED, "lichess server analysis")
    assert (run.nodes, run.profile) == (0, None)
    assert [tuple(row) for row in plies] == [(1, None), (2, None), (3, None), (4, "mistake")]
    assert game
    assert not game.listed.is_analysed


def test_evaluations_of_another_file_are_told_from_those_of_lichess(bench: Bench) -> None:
    bench.imported(EVALUATED.replace("https://lichess.org/abcdEFGH", "Berlin"))
    by_us = '[Annotator "chess-analytics (Stockfish 17)"]\n'
    bench.imported(by_us + EVALUATED.replace("2. Nf3", "2. Nc3"))
    with bench.store.reading() as connection:
        engines = connection.execute(select(runs.c.engine)).scalars().all()
    assert engines == ["evaluations of the file"] * 2


def test_evaluations_with_gaps_make_no_run_and_are_no_fault(bench: Bench) -> None:
    found = bench.imported(EVALUATED.replace("{ [%eval 0.2] }", ""))
    assert found.counts == Counts(added=1)
    with bench.store.reading() as connection:
        assert connection.execute(select(runs.c.id)).all() == []


def test_a_game_that_comes_again_with_evaluations_gains_a_run_once(bench: Bench) -> None:
    bench.imported(EVALUATED.replace("%eval", "%none"))
    for _ in range(2):
        again = bench.imported(EVALUATED)
        assert again.counts == Counts(already_there=1)
        with bench.store.reading() as connection:
            assert len(connection.execute(select(runs.c.id)).all()) == 1


def test_a_game_that_is_deleted_while_its_evaluations_come_stays_deleted(bench: Bench) -> None:
    bench.imported(EVALUATED.replace("%eval", "%none"))
    import_id = bench.upload(EVALUATED)
    store = bench.store

    class Deleting(Store):
        """Before the batch is written, the user deletes the game that was recognised."""

        @contextmanager
        def writing(self, *, outlasts_power: bool = True) -> Iterator[Connection]:
            if bench.look(import_id).state is ImportState.RUNNING and bench.library():
                with store.writing() as connection:
                    (game_id,) = connection.execute(select(games.c.id)).scalars()
                    delete_game(connection, bench.user_id, game_id)
            with super().writing(outlasts_power=outlasts_power) as connection:
                yield connection

    bench.worker(Deleting(store._writer, store._reader)).run_waiting()
    assert bench.look(import_id).counts == Counts(already_there=1)
    with store.reading() as connection:
        assert connection.execute(select(runs.c.id)).all() == []


def test_an_import_that_goes_beyond_a_limit_keeps_what_came_before(bench: Bench) -> None:
    found = bench.with_limits(games=5).imported(different(12))
    assert (found.state, found.counts.added) == (ImportState.FAILED, 5)
    assert "more than 5 games" in (found.error or "")
    assert "Split the file" in (found.error or "")
    assert len(bench.library()) == 5


def test_a_damaged_file_gives_what_can_be_read(bench: Bench) -> None:
    whole = gzip.compress(different(60).encode())
    found = bench.imported(whole[: len(whole) // 2])
    assert found.state is ImportState.DONE
    assert found.counts.added > 0
    assert found.counts.broken == 1
    assert found.counts.reasons == {"the file ends too early": 1}


@pytest.mark.parametrize(
    ("content", "words"),
    [("   \n", "no games in it"), (_zip_of("readme.txt", "hello"), "readme.txt (its name")],
    ids=["blank", "an archive"],
)
def test_a_file_without_games_says_so(bench: Bench, content: str | bytes, words: str) -> None:
    found = bench.imported(content)
    assert (found.state, found.counts) == (ImportState.FAILED, Counts())
    assert words in (found.error or "")


def test_an_upload_that_is_gone_says_so(bench: Bench) -> None:
    import_id = bench.upload(MIXED)
    for name in bench.uploads():
        (bench.folder / "uploads" / name).unlink()
    bench.worker().run_waiting()
    found = bench.look(import_id)
    assert found.state is ImportState.FAILED
    assert "upload it again" in (found.error or "")


def test_names_that_no_database_can_hold_do_not_end_an_import(bench: Bench) -> None:
    lines = [
        json.dumps(lichess_player.game(1, players={"white": {"user": {"name": "a\0\ud800b"}}})),
        json.dumps(lichess_player.game(2)),
    ]
    text = pgn("1. e4 e5", white="\x01", black="z" * 100_000) + pgn("1. d4 2. Nf9", white="\x7f")
    assert bench.imported("\n".join(lines)).counts.added == 2
    found = bench.imported(text)
    assert (found.counts.added, found.counts.broken) == (1, 1)
    again = bench.imported(text)
    assert (again.counts.added, again.counts.already_there) == (0, 1)


def test_games_of_two_users_are_imported_side_by_side(bench: Bench) -> None:
    bob = bench.add_user("bob")
    first, second = bench.upload(different(4)), bench.upload(different(4), user_id=bob)
    with bench.store.writing() as connection:
        taken = [claim_import(connection, "w", bench.shop().desk.lease()) for _ in range(3)]
    assert [each and each[0].import_id for each in taken] == [first, second, None]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "found", "added"),
    [
        ("archives/lichess_StLolek.pgn", 723, 718),
        ("archives/chesscom_xd009642.pgn", 69, 69),
    ],
)
def test_real_archives_come_in_whole_and_once(
    bench: Bench, name: str, found: int, added: int
) -> None:
    content = shared_data(name).read_bytes()
    first, second = bench.imported(content, name), bench.imported(content, name)
    assert (first.counts.found, first.counts.added) == (found, added)
    assert (second.counts.found, second.counts.added) == (found, 0)
    assert second.counts.already_there == added + first.counts.already_there
