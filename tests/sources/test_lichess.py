"""Games from Lichess's JSON."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.games.model import (
    Broken,
    Game,
    Place,
    Result,
    SetAside,
    Side,
    Site,
    SuppliedEvaluation,
    Variant,
)
from chess_analytics.games.pgn import read_pgn
from chess_analytics.games.pgn_split import MAX_TAG_CHARS
from chess_analytics.sources.lichess import game_from_lichess

PLACE = Place("games.ndjson", 3, 3)


def lichess(**changes: object) -> dict[str, Any]:
    """Give a game as Lichess exports it; None takes a field out."""
    fields = {
        "id": "q7ZvsdUF",
        "rated": True,
        "variant": "standard",
        "speed": "blitz",
        "perf": "blitz",
        "createdAt": 1514505150384,
        "lastMoveAt": 1514505592843,
        "status": "resign",
        "players": {
            "white": {"user": {"name": "Ann", "title": "FM"}, "rating": 2389, "ratingDiff": 4},
            "black": {"user": {"name": "Bob"}, "rating": 2498, "ratingDiff": -4},
        },
        "winner": "white",
        "opening": {"eco": "C20", "name": "King's Pawn Game", "ply": 2},
        "moves": "e4 e5 Nf3",
        "clocks": [18003, 18003, 17915, 17627],
        "clock": {"initial": 180, "increment": 2, "totalTime": 260},
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def read(**changes: object) -> Game:
    game = game_from_lichess(lichess(**changes), PLACE)
    assert isinstance(game, Game), game
    return game


def test_what_no_real_game_has_is_cut_or_refused() -> None:
    best = {"eval": 10, "best": "e2e4", "variation": "e4 " * 5_000}
    game = read(players={"white": {"user": {"name": "x" * 5_000}}}, analysis=[best])
    assert game.headers["White"] == "x" * MAX_TAG_CHARS
    assert game.moves[0].supplied
    assert game.moves[0].supplied.variation == ("e4",) * 600
    assert read(id="x" * 64).site_id == "x" * 64
    assert read(id="x" * 65).site_id is None
    refused = game_from_lichess(lichess(moves="e4 " * 20_000), PLACE)
    assert isinstance(refused, SetAside)
    assert refused.detail == "over 10,000 plies, the limit is 600"


def test_a_game_is_read_with_all_that_lichess_says() -> None:
    game = read()
    assert [move.move.uci() for move in game.moves] == ["e2e4", "e7e5", "g1f3"]
    assert [move.clock_s for move in game.moves] == [180.03, 180.03, 179.15]
    assert game.result is Result.WHITE_WON
    assert (game.site, game.site_id, game.place) == (Site.LICHESS, "q7ZvsdUF", PLACE)
    assert dict(game.headers) == {
        "Event": "rated blitz game",
        "Site": "https://lichess.org/q7ZvsdUF",
        "Date": "2017.12.28",
        "Round": "-",
        "White": "Ann",
        "Black": "Bob",
        "Result": "1-0",
        "GameId": "q7ZvsdUF",
        "UTCDate": "2017.12.28",
        "UTCTime": "23:52:30",
        "WhiteElo": "2389",
        "WhiteRatingDiff": "+4",
        "WhiteTitle": "FM",
        "BlackElo": "2498",
        "BlackRatingDiff": "-4",
        "Variant": "Standard",
        "TimeControl": "180+2",
        "ECO": "C20",
        "Opening": "King's Pawn Game",
        "Termination": "Normal",
    }


def test_analysis_belongs_to_the_position_after_its_move() -> None:
    game = read(
        analysis=[
            {"eval": 32},
            {"mate": -3, "best": "b8c6", "variation": "Nc6 Nf3", "judgment": {"name": "Blunder"}},
            {"judgment": {"name": "?"}},
        ]
    )
    assert [move.supplied for move in game.moves] == [
        SuppliedEvaluation(32, None),
        SuppliedEvaluation(None, -3, best="b8c6", variation=("Nc6", "Nf3")),
        None,
    ]


def test_castling_as_a_better_move_is_written_as_in_standard_chess() -> None:
    analysis = [{}, {}, {"eval": 5, "best": "e1h1", "variation": "O-O+ d6"}]
    (*_, last) = read(analysis=analysis).moves
    assert last.supplied is not None
    assert last.supplied.best == "e1g1"
    analysis[2] = {"eval": 5, "best": "e1h1", "variation": "Rxh1"}
    (*_, last) = read(analysis=analysis).moves
    assert last.supplied is not None
    assert last.supplied.best == "e1h1"


@pytest.mark.parametrize(
    ("winner", "status", "moves", "expected"),
    [
        ("black", "outoftime", "e4 e5", Result.BLACK_WON),
        (None, "draw", "e4 e5", Result.DRAW),
        (None, "outoftime", "e4 e5", Result.DRAW),
        (None, "started", "e4 e5", Result.UNKNOWN),
        (None, "aborted", "e4", Result.UNKNOWN),
        ("white", "mate", "f3 e5 g4 Qh4#", Result.BLACK_WON),
    ],
)
def test_the_result_is_the_winner_the_status_or_the_board(
    winner: str | None, status: str, moves: str, expected: Result
) -> None:
    game = read(winner=winner, status=status, moves=moves)
    assert game.result is expected
    assert game.headers["Result"] == expected.value


def test_players_may_be_machines_or_nobody() -> None:
    game = read(players={"white": {"aiLevel": 3}, "black": {}})
    assert game.player(Side.WHITE).name == "lichess AI level 3"
    assert game.player(Side.BLACK).name is None
    assert game.player(Side.BLACK).rating is None


@pytest.mark.parametrize(
    ("fields", "time_control"),
    [
        ({}, "180+2"),
        ({"clock": None, "daysPerTurn": 3}, "1/259200"),
        ({"clock": None}, "-"),
    ],
)
def test_the_time_control_is_written_as_in_pgn(fields: dict[str, Any], time_control: str) -> None:
    assert read(**fields).headers["TimeControl"] == time_control


def test_chess960_and_set_up_positions_start_where_they_say() -> None:
    fen = "bqnbnrkr/pppppppp/8/8/8/8/PPPPPPPP/BQNBNRKR w KQkq - 0 1"
    game = read(variant="chess960", initialFen=fen, moves="g3 g6")
    assert game.variant is Variant.CHESS960
    fen = "4k3/8/8/8/8/8/4P3/4K3 b - - 0 30"
    game = read(variant="fromPosition", initialFen=fen, moves="Kd7 e4")
    assert (game.variant, game.initial_fen) == (Variant.STANDARD, fen)
    assert game.side_to_move(1) is Side.BLACK
    assert "30... Kd7" in game.pgn


def test_what_cannot_be_read_is_said_with_the_place() -> None:
    entries = [
        game_from_lichess(lichess(**fields), PLACE)
        for fields in ({"variant": "atomic"}, {"moves": None}, {"moves": "e4 e4"})
    ]
    assert [(type(entry), entry.place) for entry in entries] == [
        (SetAside, PLACE),
        (SetAside, PLACE),
        (Broken, PLACE),
    ]
    assert [entry.reason for entry in entries if not isinstance(entry, Game)] == [
        "variant: Atomic",
        "no moves: they were not exported, or none was made",
        'move 1 of Black: "e4" is not a legal move here',
    ]


def test_a_pgn_that_comes_along_is_kept_and_its_tags_go_before_ours() -> None:
    pgn = '[Event "Cup"]\n[Annotator "x"]\n\n1. e4 e5 2. Nf3 1-0'
    game = read(pgn=pgn + "\n\n\n")
    assert game.pgn == pgn
    assert game.headers["Event"] == "Cup"
    assert game.headers["Annotator"] == "x"
    assert game.headers["Termination"] == "Normal"


def test_the_pgn_that_we_write_gives_the_same_game() -> None:
    analysis = [{"eval": -7}, {"mate": 4, "best": "b8c6", "variation": "Nc6 Nf3 d5"}, {"eval": 300}]
    players = {"white": {"user": {"name": 'A "B" \\ C'}}, "black": {}}
    game = read(analysis=analysis, players=players)
    (again,) = read_pgn(io.StringIO(game.pgn), "again")
    assert isinstance(again, Game)
    assert (again.headers, again.moves, again.result) == (game.headers, game.moves, game.result)
    assert (again.site, again.site_id) == (game.site, game.site_id)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(
    st.dictionaries(st.sampled_from(sorted([*lichess(), "analysis", "pgn", "initialFen"])), _JSON)
)
def test_no_json_makes_the_reading_fail(changes: dict[str, Any]) -> None:
    entry = game_from_lichess(lichess(**changes), PLACE)
    if isinstance(entry, Game):
        entry.pgn.encode()
    for value in entry.headers.values():
        value.encode()
