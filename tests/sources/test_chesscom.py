"""Games from Chess.com's JSON."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.games.model import Broken, Entry, Game, Place, Result, SetAside, Site, Variant
from chess_analytics.games.pgn_split import MAX_TAG_CHARS
from chess_analytics.sources.chesscom import game_from_chesscom

PLACE = Place("2023-01.json", 2, None)
PGN = (
    '[Event "Live Chess"]\n[Site "Chess.com"]\n[White "Ann"]\n[Black "Bob"]\n[Result "0-1"]\n\n'
    "1. f3 {[%clk 0:02:59.9]} 1... e5 {[%clk 0:02:58]} 2. g4 {[%clk 0:02:50]} 2... Qh4# 0-1\n"
)


def chesscom(**changes: object) -> dict[str, Any]:
    """Give a game as Chess.com publishes it; None takes a field out."""
    fields = {
        "url": "https://www.chess.com/game/live/66541310915",
        "pgn": PGN,
        "time_control": "180",
        "end_time": 1672594913,
        "rules": "chess",
        "uuid": "5baf51f8-88e2-11ed-9d13-df23dc01000b",
        "initial_setup": "rnbqkbnr/pppppppp/8/8/8/8/PPPPPPPP/RNBQKBNR w KQkq - 0 1",
        "white": {"rating": 1378, "result": "checkmated", "username": "Ann"},
        "black": {"rating": 629, "result": "win", "username": "Bob"},
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def read(**changes: object) -> Entry:
    return game_from_chesscom(chesscom(**changes), PLACE)


def test_what_no_real_game_has_is_cut_or_left_out() -> None:
    game = read(url="https://www.chess.com/", uuid="x" * 65, time_control="1" * 5_000)
    assert isinstance(game, Game)
    assert game.site_id is None
    assert game.headers["TimeControl"] == "1" * MAX_TAG_CHARS


def test_a_game_is_read_from_its_pgn_and_completed_from_the_json() -> None:
    game = read()
    assert isinstance(game, Game)
    assert [move.clock_s for move in game.moves] == [179.9, 178, 170, None]
    assert game.result is Result.BLACK_WON
    assert (game.site, game.site_id, game.place) == (Site.CHESSCOM, "66541310915", PLACE)
    assert game.pgn == PGN.strip()
    assert dict(game.headers) == {
        "Event": "Live Chess",
        "Site": "Chess.com",
        "White": "Ann",
        "Black": "Bob",
        "Result": "0-1",
        "Date": "2023.01.01",
        "WhiteElo": "1378",
        "BlackElo": "629",
        "TimeControl": "180",
        "Link": "https://www.chess.com/game/live/66541310915",
    }


def test_the_pgns_own_tags_win() -> None:
    game = read(pgn='[WhiteElo "1400"]\n[TimeControl "60"]\n' + PGN)
    assert game.headers["WhiteElo"] == "1400"
    assert game.headers["TimeControl"] == "60"


def test_a_game_without_a_number_goes_by_its_uuid() -> None:
    game = read(url=None)
    assert isinstance(game, Game)
    assert game.site_id == "5baf51f8-88e2-11ed-9d13-df23dc01000b"


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ("bughouse", "variant: Bughouse"),
        ("crazyhouse", "variant: Crazyhouse"),
        ("kingofthehill", "variant: King of the Hill"),
        ("threecheck", "variant: Three-check"),
    ],
)
def test_other_rules_are_set_aside(rules: str, reason: str) -> None:
    entry = read(rules=rules)
    assert isinstance(entry, SetAside)
    assert entry.reason == reason
    assert entry.headers["White"] == "Ann"


def test_chess960_starts_from_the_setup_that_the_json_names() -> None:
    start = "bqnbnrkr/pppppppp/8/8/8/8/PPPPPPPP/BQNBNRKR w KQkq - 0 1"
    game = read(rules="chess960", initial_setup=start, pgn="1. g3 g6 2. Ng2 Ng7 1-0")
    assert isinstance(game, Game)
    assert game.variant is Variant.CHESS960
    assert game.initial_fen.startswith("bqnbnrkr/")


def test_a_game_without_pgn_is_set_aside_with_what_is_known() -> None:
    entry = read(pgn=None)
    assert isinstance(entry, SetAside)
    assert entry.reason == "no moves: Chess.com's answer has no PGN for this game"
    assert entry.headers["Result"] == "0-1"


@pytest.mark.parametrize("line", [None, 7])
def test_a_fault_is_told_by_its_line_in_the_pgn_and_not_as_a_line_of_the_file(
    line: int | None,
) -> None:
    entry = game_from_chesscom(
        chesscom(pgn='[Event "x"]\n\n1. e4\ne5 2. Ke3 *'), Place("x", 3, line)
    )
    assert isinstance(entry, Broken)
    assert entry.line == line
    assert entry.reason == 'move 2 of White: "Ke3" is not a legal move here (line 4 of its PGN)'


def test_broken_moves_are_reported_at_the_games_place() -> None:
    entry = read(pgn="1. e5 *")
    assert isinstance(entry, Broken)
    assert entry.place == PLACE


@pytest.mark.parametrize(
    ("white", "black", "result"),
    [("win", "resigned", "1-0"), ("timeout", "win", "0-1"), ("agreed", "agreed", "1/2-1/2")],
)
def test_each_players_end_makes_the_result(white: str, black: str, result: str) -> None:
    game = read(pgn="1. e4 e5", white={"result": white}, black={"result": black})
    assert isinstance(game, Game)
    assert game.result.value == result


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(chesscom())), _JSON))
def test_no_json_makes_the_reading_fail(changes: dict[str, Any]) -> None:
    for value in read(**changes).headers.values():
        value.encode()
