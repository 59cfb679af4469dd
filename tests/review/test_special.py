"""Great and brilliant: what earns them, and everything that looks like it and does not."""

import json
from pathlib import Path
from typing import Any

import pytest

from chess_analytics.engine.evaluation import Evaluation, Line
from chess_analytics.games.model import Game
from chess_analytics.review.judge import Review, judge_game, wants_second
from chess_analytics.review.rules import Label
from chess_analytics.review.thresholds import CHESSCOM_LIKE, LICHESS, STRICT, Thresholds
from tests.builders import game
from tests.review.evaluations import Value, known, line

FAMOUS = json.loads((Path(__file__).parent / "famous.json").read_text())

QUIET = "r1bq1rk1/ppp2ppp/2np1n2/2b1p3/2B1P3/2NP1N2/PPP2PPP/R1BQ1RK1 w - - 0 8"
GREEK_GIFT = "rnbq1rk1/pp2nppp/4p3/2ppP3/3P4/2PB1N2/PP3PPP/RNBQK2R w KQ - 0 8"
GIFT_LINE = "d3h7 g8h7 f3g5 h7g8 d1h5 e7f5"
GIFT_ANSWER = "g8h7 f3g5 h7g8 d1h5"
CASTLES = "e1g1 b8c6 f1e1 a7a6 b1d2"


def great(  # noqa: PLR0913 - each is one thing that can be otherwise
    *,
    text: str = "1. h3",
    best: str = "h2h3",
    was: Value = 30,
    now: Value = 30,
    second: Line | None = line(-200, "a2a3"),  # noqa: B008 - a frozen value
    fen: str = QUIET,
    thresholds: Thresholds = LICHESS,
) -> Label:
    evaluations = [known(was, best, second=second), known(now)]
    return judge_game(game(text, fen=fen), evaluations, thresholds).moves[0].label


def test_the_only_good_move_is_great() -> None:
    found = great()
    assert (found.kind, found.rule) == ("great", "only move")
    assert found.text == "The only good move: it keeps 53 %, the next best leaves 32 %."
    numbers = {name: round(float(value), 1) for name, value in found.numbers}
    assert numbers == {
        "win_before": 52.8,
        "win_after": 52.8,
        "alternative": 32.4,
        "gap": 20.4,
        "limit": 15.0,
    }


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("nobody searched for the second-best move", {"second": None}),
        ("the next best move is nearly as good", {"second": line(-120, "a2a3")}),
        ("the next best move is good enough", {"was": "#3", "now": "#3", "second": line(250)}),
        ("it is not the engine's first choice", {"best": "a2a4"}),
        ("the game is lost all the same", {"was": -300, "now": -300, "second": line("#-3")}),
        ("a look from the next position finds it bad", {"now": -150}),
        (
            "it takes a piece that stands there for free",
            {
                "fen": "6k1/5ppp/2n5/8/4B3/8/5PPP/6K1 w - - 0 1",
                "text": "1. Bxc6",
                "best": "e4c6",
            },
        ),
        (
            "it trades a piece for its like",
            {
                "fen": "3r2k1/5pp1/7p/8/8/8/5PPP/3R2K1 w - - 0 1",
                "text": "1. Rxd8+",
                "best": "d1d8",
            },
        ),
        (
            "it saves a piece that is attacked",
            {
                "fen": "6k1/5ppp/8/3p4/4N3/8/5PPP/6K1 w - - 0 1",
                "text": "1. Nc5",
                "best": "e4c5",
            },
        ),
        (
            "there were only two moves",
            {"fen": "6k1/8/8/8/1P6/8/r7/7K w - - 0 1", "text": "1. Kg1", "best": "h1g1"},
        ),
        (
            "a pawn becomes a queen",
            {"fen": "8/P7/7k/8/8/8/5K2/8 w - - 0 1", "text": "1. a8=Q", "best": "a7a8q"},
        ),
    ],
)
def test_a_move_is_not_great_when(why: str, changes: dict[str, Any]) -> None:
    assert great(**changes).kind != "great", why


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("the piece it moves is not attacked", {"fen": "6k1/5ppp/3p4/8/4N3/8/5PPP/6K1 w - - 0 1"}),
        (
            "the attacked piece checks as it goes",
            {
                "fen": "6k1/5ppp/8/3p4/4N3/8/5PPP/6K1 w - - 0 1",
                "text": "1. Nf6+",
                "best": "e4f6",
            },
        ),
        (
            "there were three moves",
            {"fen": "6k1/8/8/8/1PP5/8/r7/7K w - - 0 1", "text": "1. Kg1", "best": "h1g1"},
        ),
        (
            "it takes less than it risks",
            {
                "fen": "6k1/3b1ppp/2p5/8/8/2R5/5PPP/6K1 w - - 0 1",
                "text": "1. Rxc6",
                "best": "c3c6",
            },
        ),
    ],
)
def test_a_move_is_great_when_instead(why: str, changes: dict[str, Any]) -> None:
    assert great(**{"text": "1. Nc5", "best": "e4c5", **changes}).kind == "great", why


def test_a_game_that_was_won_before_has_no_great_moves_and_one_just_given_away_has() -> None:
    fen = QUIET.replace(" w ", " b ")
    played = game("1... h6 2. h3", fen=fen)
    second = line(0, "a2a3")
    won_already = [known(900), known(900, "h2h3", second=second), known(900)]
    just_won = [known(0), known(900, "h2h3", second=second), known(900)]
    assert judge_game(played, won_already).moves[1].label.kind == "best"
    assert judge_game(played, just_won).moves[1].label.kind == "great"


def test_taking_back_is_never_great() -> None:
    fen = "r1bqk2r/pppp1ppp/2n5/2b5/3P4/8/PPP2PPP/RNBQKB1R b KQkq - 0 1"
    evaluations = [known(0), known(0, "d1d4", second=line(-300, "a2a3")), known(0)]
    takes_back = judge_game(game("1... Nxd4 2. Qxd4", fen=fen), evaluations)
    assert takes_back.moves[1].label.kind == "best"
    evaluations[1] = known(0, "d1e2", second=line(-300, "a2a3"))
    answers_otherwise = judge_game(game("1... Nxd4 2. Qe2+", fen=fen), evaluations)
    assert answers_otherwise.moves[1].label.kind == "great"


def test_a_stricter_profile_asks_less_of_the_only_move() -> None:
    nearly = line(-80, "a2a3")
    assert great(second=nearly).kind == "best"
    assert great(second=nearly, thresholds=STRICT).kind == "great"


def brilliant(
    *,
    line_before: str = GIFT_LINE,
    was: Value = 100,
    now: Value = 100,
    answer: str = GIFT_ANSWER,
    second: Line | None = line(60, CASTLES),  # noqa: B008
    thresholds: Thresholds = LICHESS,
) -> Label:
    evaluations = [known(was, line_before, second=second), known(now, answer)]
    played = game("8. Bxh7+", fen=GREEK_GIFT)
    return judge_game(played, evaluations, thresholds).moves[0].label


def test_a_sound_sacrifice_is_brilliant() -> None:
    found = brilliant()
    assert (found.kind, found.rule) == ("brilliant", "sacrifice")
    assert found.text == (
        "It offers pieces worth 3 pawns and still leaves a winning chance of 59 %; "
        "the best other move gives 56 %."
    )
    assert dict(found.numbers)["accepted"] == "yes"


def test_a_sacrifice_that_is_nearly_best_is_compared_with_the_best_move() -> None:
    found = brilliant(line_before=CASTLES, was=110, second=None)
    assert found.kind == "brilliant"
    assert round(float(dict(found.numbers)["alternative"]), 1) == 60.0


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("nobody searched for the second-best move", {"second": None}),
        ("another move wins as well", {"second": line(520, CASTLES)}),
        ("it loses", {"was": -100, "now": -100, "second": line(-250, CASTLES)}),
        ("it is not nearly best", {"line_before": CASTLES, "was": 130}),
        ("a look from the next position finds it bad", {"now": -300}),
        ("the piece is lost in any case", {"second": line(60, "a2a3 c5c4 a3a4 c4d3 a4a5")}),
        ("nothing is known of the other move's line", {"second": line(60)}),
        ("the game goes on in an unknown way", {"answer": ""}),
    ],
)
def test_a_sacrifice_is_not_brilliant_when(why: str, changes: dict[str, Any]) -> None:
    assert brilliant(**changes).kind != "brilliant", why


def test_the_masterpieces_have_their_brilliant_moves() -> None:
    """Real evaluations: Stockfish 15.1, 150,000 nodes, 75,000 for the second-best move."""
    specials = {name: _specials(_famous(name)) for name in FAMOUS}
    assert specials == {
        "opera": {"10w Nxb5": "brilliant", "14w Rd1": "great"},
        # Fischer's 11...Na4 and 17...Be6, the moves for which the game has its name.
        "century": {
            "11b Na4": "brilliant",
            "15b Nxc3": "brilliant",
            "17b Be6": "brilliant",
            "19b Ne2+": "great",
        },
        "legal": {"5w Nxe5": "brilliant"},
    }


def test_a_search_for_the_second_best_move_is_wanted_where_it_decides_the_label() -> None:
    """Without it the label is another one at exactly the positions that ask for it."""
    for name in FAMOUS:
        played, evaluations = _load(name)
        without = [Evaluation(item.line) if item else None for item in evaluations]
        wanted = wants_second(played, without)
        pairs = zip(
            judge_game(played, evaluations).moves, judge_game(played, without).moves, strict=True
        )
        changed = [index for index, (with_, bare) in enumerate(pairs) if with_.label != bare.label]
        assert set(changed) <= set(wanted)
        assert len(wanted) < len(played.moves) / 4
        assert wants_second(played, evaluations) == ()


@pytest.mark.parametrize(
    ("why", "text", "fen", "best"),
    [
        ("another move was played", "1. h3", QUIET, "a2a3"),
        ("nobody knows the best move", "1. h3", QUIET, ""),
        ("the move is forced", "1. Kxg2", "7k/8/8/8/8/8/6q1/7K w - - 0 1", "h1g2"),
        ("it mates", "1. Ra8#", "6k1/5ppp/8/8/8/8/8/R6K w - - 0 1", "a1a8"),
        ("it takes what hangs", "1. Rxd5", "4k3/8/8/3p4/8/8/8/3RK3 w - - 0 1", "d1d5"),
    ],
)
def test_no_search_is_wanted_when(why: str, text: str, fen: str, best: str) -> None:
    last = None if text.endswith("#") else known(30)
    assert wants_second(game(text, fen=fen), [known(30, best), last]) == (), why


def test_no_search_is_wanted_in_the_opening_or_in_a_decided_game() -> None:
    opening = game("1. e4 e5 2. Nf3")
    assert (
        wants_second(
            opening, [known(30, move.move.uci()) for move in (*opening.moves, opening.moves[0])]
        )
        == ()
    )
    played = game("1. h3 h6 2. a3", fen=QUIET)
    won = [known(1200, "h2h3"), known(1200), known(1200, "a2a3"), known(1200)]
    assert wants_second(played, won) == (0,), "what came before the first move is not known"


def test_a_quiet_first_choice_in_an_open_game_is_worth_the_search() -> None:
    played = game("1. h3", fen=QUIET)
    assert wants_second(played, [known(30, "h2h3"), known(30)]) == (0,)
    assert wants_second(played, [known(30, "h2h3"), known(30)], CHESSCOM_LIKE) == (0,)
    assert wants_second(played, [known(-400, "h2h3"), known(-400)]) == ()


def _specials(review: Review) -> dict[str, str]:
    return {
        f"{(move.ply + 1) // 2}{move.side.value[0]} {move.san}": move.label.kind.value
        for move in review.moves
        if move.label.kind in {"great", "brilliant"}
    }


def _famous(name: str) -> Review:
    played, evaluations = _load(name)
    return judge_game(played, evaluations)


def _load(name: str) -> tuple[Game, list[Evaluation | None]]:
    recorded = FAMOUS[name]
    found: list[Evaluation | None] = []
    for item in recorded["evaluations"]:
        second = _line(item["second"]) if item and "second" in item else None
        found.append(Evaluation(_line(item), second) if item else None)
    return game(recorded["moves"]), found


def _line(item: dict[str, Any]) -> Line:
    return line(item["cp"] if "cp" in item else f"#{item['mate']}", item["line"])
