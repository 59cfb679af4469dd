"""One review as one JSON object."""

import json

from chess_analytics.actions.exports.jsonl import review_line, review_object
from chess_analytics.games.fingerprint import game_id
from tests.actions.exports.reviews import EVALS, reviewed

_HEADERS = {"White": "Ana", "Black": "Ben", "Result": "0-1"}


def test_the_object_holds_the_fields_of_the_review() -> None:
    review, run = reviewed(
        white="Ana", black="Ben", result="0-1", tags={"TimeControl": "300+0"}, clocks=[300, 299]
    )
    found = json.loads(review_line(review, run))
    assert found["id"] == game_id(review.game)
    assert found["source"] == {"file": "test.pgn", "game": 1, "line": 1}
    assert found["headers"].items() >= _HEADERS.items()
    assert (found["variant"], found["result"], found["speed"]) == ("standard", "0-1", "blitz")
    assert review.opening
    assert found["opening"] == {
        "eco": review.opening.eco,
        "name": review.opening.name,
        "ply": review.opening.ply,
    }
    assert found["engine"] == {"name": "input", "profile": None, "nodes": 0}
    assert found["thresholds"] == "lichess"
    for name, side in (("white", review.white), ("black", review.black)):
        assert found[name] == {
            "accuracy": side.accuracy,
            "acpl": side.acpl,
            "inaccuracies": side.inaccuracies,
            "mistakes": side.mistakes,
            "blunders": side.blunders,
            "labels": {kind.value: many for kind, many in side.labels.items()},
        }
    assert [move["eval"] for move in found["moves"]] == [{"cp": cp} for cp in EVALS]
    assert [move["clock"] for move in found["moves"][:3]] == [300, 299, None]


def test_a_move_holds_the_fields_of_the_judged_move() -> None:
    review, run = reviewed()
    blunder = review.moves[3]
    assert blunder.judgment
    assert review_object(review, run)["moves"][3] == {
        "ply": 4,
        "san": "Ke7",
        "uci": "e8e7",
        "eval": {"cp": 400},
        "best": None,
        "best_san": None,
        "line": [],
        "judgment": blunder.judgment.value,
        "loss": blunder.loss,
        "loss_cp": 370,
        "win_before": blunder.win_before,
        "win_after": blunder.win_after,
        "accuracy": blunder.accuracy,
        "phase": "opening",
        "label": blunder.label.kind.value,
        "why": {
            "rule": blunder.label.rule,
            "text": blunder.label.text,
            "numbers": dict(blunder.label.numbers),
        },
        "clock": None,
        "spent": None,
    }


def test_a_move_that_mates_is_mate_in_0() -> None:
    review, run = reviewed("1. f3 e5 2. g4 Qh4#", evals=(-50, -50, "#-1", None))
    assert [move["eval"] for move in review_object(review, run)["moves"][2:]] == [
        {"mate": -1},
        {"mate": 0},
    ]


def test_a_review_is_one_line_whatever_the_headers_hold() -> None:
    review, run = reviewed(tags={"Event": "two\u2028lines <b>é</b>"})
    line = review_line(review, run)
    assert line.count("\n") == 1
    assert json.loads(line)["headers"]["Event"] == "two\u2028lines <b>é</b>"
