"""The archive of everything that a user owns: whole, theirs alone, and without secrets."""

import io
import json
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import QueuePool, delete, func, insert, select

from chess_analytics.actions.describe_game import describe_game
from chess_analytics.actions.export_player import export_player
from chess_analytics.actions.write_games import write_games
from chess_analytics.games.fingerprint import fingerprint, is_same_game, moves_key
from chess_analytics.games.model import Game, Side
from chess_analytics.games.pgn import read_pgn
from chess_analytics.store import tables
from chess_analytics.store.every_table import metadata
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.game_pages import GameSort
from chess_analytics.store.games import insert_games
from chess_analytics.store.session import Store
from tests.accounts import NOW_MS, signed_up
from tests.analysing import keep_ended_job
from tests.builders import game
from tests.drills import answer, keep_drill
from tests.library import MOVES, SCHOLARS_MATE, keep_game, keep_import, keep_run, link_player

# Where in the archive what a table holds is found; nothing for what is a secret or not the user's.
PLACES = {
    "users": "profile.json",
    "sessions": "profile.json",
    "tokens": "profile.json",
    "players": "players.json",
    "imports": "imports.json",
    "import_problems": "import_problems.jsonl",
    "games": "games.jsonl",
    "game_texts": "games.pgn",
    "runs": "games.jsonl",
    "moves": "games.jsonl",
    # Reckoned from runs, and made anew from them at any time.
    "run_facts": None,
    # Answers that were given once, kept for a day so that they can be given again.
    "idempotent_answers": None,
    # Sign-ins that went to Lichess and have not come back yet, kept for minutes.
    "lichess_sign_ins": None,
    "drills": "drills.jsonl",
    "drill_mistakes": "drills.jsonl",
    "drill_moves": "drills.jsonl",
    "drill_answers": "drills.jsonl",
    # Which games were read for mistakes: done anew at any time.
    "drill_scans": None,
    "jobs": "jobs.json",
    "tasks": "jobs.json",
    # Secret links to games: whoever has one sees the game, and elsewhere it leads nowhere.
    "shared_games": None,
    # The server's reckoning of whose turn it is.
    "shares": None,
}


def unpacked(store: Store, user_id: int) -> dict[str, bytes]:
    packed = b"".join(export_player(store, user_id, now_ms=NOW_MS))
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


def read(pgn: bytes) -> list[Game]:
    entries = list(read_pgn(io.StringIO(pgn.decode()), "games.pgn"))
    games = [entry for entry in entries if isinstance(entry, Game)]
    assert len(games) == len(entries)
    return games


@pytest.fixture
def ada(store: Store) -> int:
    """Give a user who owns something of everything."""
    user_id = signed_up(store, "ada").id
    player_id = link_player(store, user_id, "ada_plays")
    import_id = keep_import(store, user_id, "mine.pgn", problems=2)
    played = game(MOVES, white="ada_plays", black="Grünfeld, Ernst", tags={"WhiteElo": "1823"})
    game_id = keep_game(
        store, user_id, played, import_id=import_id, seen_by=(player_id, Side.WHITE)
    )
    keep_run(store, game_id, played, engine="Stockfish 16")
    keep_run(store, game_id, played, engine="Stockfish 17")
    other_id = keep_game(store, user_id, SCHOLARS_MATE)
    keep_ended_job(store, user_id, other_id, is_failed=True)
    answer(store, user_id, keep_drill(store, user_id), "Bb5", worth=20)
    with store.writing() as connection:
        connection.execute(
            insert(tables.tokens).values(
                user_id=user_id, name="nightly backup", key_hash="token-hash-0123456789",
                scopes="read write", created_ms=NOW_MS,
            )
        )  # fmt: skip
    return user_id


def test_games_come_as_they_were_and_with_everything_that_is_known(store: Store, ada: int) -> None:
    files = unpacked(store, ada)
    first, second, _ = read(files["games.pgn"])
    assert (first.headers["Black"], len(second.moves)) == ("Grünfeld, Ernst", 7)
    one, other, _ = lines(files["games.jsonl"])
    assert one["pgn"].strip() in files["games.pgn"].decode()
    assert (one["color"], one["opponent"], one["rating"]) == ("white", "Grünfeld, Ernst", 1823)
    assert [run["engine"] for run in one["runs"]] == ["Stockfish 17", "Stockfish 16"]
    assert [move["san"] for move in one["runs"][0]["moves"]][:3] == ["e4", "e5", "Nf3"]
    assert one["runs"][0]["evaluations"][:2] == [
        None,
        {"cp": 30, "mate": None, "line": "a2a3", "second": None, "depth": 20, "nodes": 100},
    ]
    assert other["runs"] == []


def test_drills_come_with_what_is_right_and_what_was_answered(store: Store, ada: int) -> None:
    (drill,) = lines(unpacked(store, ada)["drills.jsonl"])
    assert [mistake["san"] for mistake in drill["mistakes"]] == ["Ba6", "Ba6"]
    assert (drill["solution"]["san"], drill["solution"]["also_right"]) == ("a3", ["Bb5"])
    assert {move["uci"] for move in drill["known_moves"]} == {"a2a3", "f1a6", "f1b5"}
    assert [(it["uci"], it["grade"]) for it in drill["answers"]] == [("f1b5", "good")]
    assert drill["due_ms"] > NOW_MS


def test_imports_players_and_the_account_are_in_it(store: Store, ada: int) -> None:
    files = unpacked(store, ada)
    (imported,) = json.loads(files["imports.json"])
    assert (imported["name"], imported["found"], imported["reasons"]) == (
        "mine.pgn",
        2,
        {"no moves": 2},
    )
    assert [problem["number"] for problem in lines(files["import_problems.jsonl"])] == [1, 2]
    assert [player["name"] for player in json.loads(files["players.json"])] == ["ada_plays"]
    profile = json.loads(files["profile.json"])
    assert (profile["name"], profile["is_admin"]) == ("ada", True)
    assert [token["name"] for token in profile["tokens"]] == ["nightly backup"]
    assert [session["agent"] for session in profile["sessions"]] == ["a browser"]


def test_jobs_are_in_it_with_what_failed_and_why(store: Store, ada: int) -> None:
    (job,) = json.loads(unpacked(store, ada)["jobs.json"])
    assert (job["state"], job["profile"], job["counts"]["failed"]) == ("failed", "fast", 1)
    (failed,) = job["failed"]
    assert (failed["ordinal"], failed["error"]) == (1, "the text is no game")


def test_the_readme_names_every_file(store: Store, ada: int) -> None:
    files = unpacked(store, ada)
    readme = files.pop("README.txt").decode()
    assert [name for name in files if f"\n{name} " not in readme] == []


def test_whoever_owns_nothing_gets_files_without_content(store: Store) -> None:
    files = unpacked(store, signed_up(store).id)
    assert json.loads(files["imports.json"]) == json.loads(files["players.json"]) == []
    assert json.loads(files["jobs.json"]) == []
    assert files["games.pgn"] == files["games.jsonl"] == files["import_problems.jsonl"] == b""


def test_no_secret_leaves_with_it(store: Store, ada: int) -> None:
    with store.reading() as connection:
        secrets = [
            value
            for table in (tables.users, tables.sessions, tables.tokens)
            for row in connection.execute(select(table)).mappings()
            for name, value in row.items()
            if name.endswith("_hash")
        ]
    assert len(secrets) == 3
    secrets += ["spooled-under-a-secret-name", "worker-7"]
    content = b"\n".join(unpacked(store, ada).values()).decode()
    assert [secret for secret in secrets if secret in content] == []
    assert "_hash" not in content


def test_nothing_of_another_user_is_in_it(store: Store, ada: int) -> None:
    bob = signed_up(store, "bob").id
    link_player(store, bob, "bob_plays")
    keep_import(store, bob, "his.pgn", problems=1)
    his = keep_game(store, bob, game("1. b3 b6 *", white="bob_plays"))
    keep_run(store, his, "1. b3 b6 *", engine="Bobfish")
    before = unpacked(store, ada)
    content = b"\n".join(before.values()).decode()
    assert [word for word in ("bob", "his.pgn", "Bobfish") if word in content] == []
    assert "bob_plays" in unpacked(store, bob)["players.json"].decode()


def _owned() -> Iterator[str]:
    """Name the tables whose rows go when their user goes."""
    reached = {"users"}
    for table in metadata.sorted_tables:
        owners = {key.column.table.name for key in table.foreign_keys if key.ondelete == "CASCADE"}
        if owners & reached:
            reached.add(table.name)
    return iter(sorted(reached))


def test_every_table_that_a_user_owns_has_its_place(store: Store, ada: int) -> None:
    assert sorted(PLACES) == sorted(_owned())
    files = unpacked(store, ada)
    with store.reading() as connection:
        for name, place in PLACES.items():
            rows = connection.execute(select(func.count()).select_from(metadata.tables[name]))
            assert place is None or (rows.scalar_one() and files[place]), name


def test_what_was_exported_is_the_same_games_when_it_is_read_again(store: Store, ada: int) -> None:
    tagless = "1. d4 d5 2. c4"
    keep_game(store, ada, f"{tagless} *", pgn=tagless)
    odd = game("1. c4 *", white='back\\slash "quoted"', tags={"Event": "é"})
    keep_game(store, ada, odd)
    whole = lines(unpacked(store, ada)["games.jsonl"])
    again = read(unpacked(store, ada)["games.pgn"])
    before = [next(read_pgn(io.StringIO(one["pgn"]), "one")) for one in whole]
    assert len(again) == len(before) == 5
    for one, other in zip(before, again, strict=True):
        assert isinstance(one, Game)
        assert is_same_game(fingerprint(one), fingerprint(other))
        assert one.headers.items() <= other.headers.items()


def keep_noise(store: Store, user_id: int) -> int:
    """Store games of words that cannot be packed: the first piece comes before the last game."""
    played = game(SCHOLARS_MATE)
    noisy = [
        replace(describe_game(played, moves_key(played)), pgn=f"{{ {token_hex(3_000)} }} 1. e4 *")
        for _ in range(60)
    ]
    with store.writing() as connection:
        return len(insert_games(connection, user_id, None, noisy, now_ms=NOW_MS))


def test_what_goes_meanwhile_is_left_out_and_the_rest_stays_whole(store: Store) -> None:
    user_id = signed_up(store).id
    kept = keep_noise(store, user_id)
    pieces = export_player(store, user_id, now_ms=NOW_MS)
    begun = next(pieces)
    with store.writing() as connection:
        connection.execute(delete(tables.users))
    with zipfile.ZipFile(io.BytesIO(begun + b"".join(pieces))) as archive:
        assert archive.testzip() is None
        assert 0 < len(read(archive.read("games.pgn"))) < kept
        assert archive.read("games.jsonl") == b""


def test_nothing_is_held_open_while_somebody_takes_it(store: Store) -> None:
    user_id = signed_up(store).id
    keep_noise(store, user_id)
    for pieces in (
        export_player(store, user_id, now_ms=NOW_MS),
        write_games(store, user_id, GameFilter(), GameSort.NEWEST, annotated=True),
    ):
        taken = 0
        for _ in pieces:
            pool = store._reader.pool
            assert isinstance(pool, QueuePool)
            assert pool.checkedout() == 0
            taken += 1
        assert taken > 1


def test_many_games_need_little_memory(store: Store) -> None:
    user_id = signed_up(store).id
    played = game(SCHOLARS_MATE)
    wordy = f"1. e4 {{ {'word ' * 3_000} }} e5 2. Qh5 Nc6 3. Bc4 Nf6 4. Qxf7# 1-0"
    new = replace(describe_game(played, moves_key(played)), pgn=wordy)
    with store.writing() as connection:
        ids = insert_games(connection, user_id, None, [new] * 400, now_ms=NOW_MS)
    for game_id in ids[::50]:
        keep_run(store, game_id, played)
    tracemalloc.start()
    try:
        pieces = sum(1 for _ in export_player(store, user_id, now_ms=NOW_MS))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert pieces > 0
    # The texts alone are 6 MB, twice.
    assert peak < 3_000_000
