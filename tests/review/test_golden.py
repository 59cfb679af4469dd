"""Judged from Lichess's own evaluations, every game gets what Lichess, and the reference, say."""

import functools
import json
from collections.abc import Sequence
from typing import Any

import pytest

from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.games.positions import boards
from chess_analytics.review.accuracy import game_accuracies
from chess_analytics.review.judge import EvaluationsMissing, Review, judge_game
from chess_analytics.review.judged_move import lichess_comment
from chess_analytics.review.phases import divide
from chess_analytics.review.thresholds import LICHESS, LICHESS_2020
from chess_analytics.review.win_chance import LICHESS_CURVE, START_SCORE
from tests.builders import game
from tests.review.exceptions import NOT_JUDGED_SERVER, STUDY, Unexplained
from tests.review.gold import (
    GoldGame,
    api_game,
    ndjson_games,
    pgn_games,
    with_line,
)
from tests.shared_data import shared_data

pytestmark = pytest.mark.shared

_PGN_FILES = {
    "archives/lichess_Lance5500_evals.pgn": 108,
    "gold/lichess_mixed_players_evals.pgn": 58,
    "gold/lichess_db_2021-10_evals.pgn": 32,
    "gold/lichess_study_annotated.pgn": 86,
}
_SERVER = "gold/lichess_server_analysis.ndjson.gz"


@pytest.mark.parametrize(("name", "games"), [*_PGN_FILES.items(), (_SERVER, 300)])
def test_every_game_has_the_accuracy_centipawn_loss_and_judgments_of_the_reference(
    name: str, games: int
) -> None:
    reference = _reference(name)
    seen = 0
    for gold in _gold_games(name):
        if gold.id in reference:
            review = judge_game(gold.game, gold.evaluations)
            assert (gold.id, _as_reference(review)) == (gold.id, reference[gold.id])
            seen += 1
    assert seen == len(reference) == games


def test_a_game_whose_analysis_has_gaps_is_refused_with_its_plies() -> None:
    gold = next(
        g for g in _gold_games("archives/lichess_Lance5500_evals.pgn") if g.id == "AcHuP5LD"
    )
    gaps = [ply for ply, given in enumerate(gold.evaluations) if ply and given is None]
    with pytest.raises(EvaluationsMissing, match=f"no evaluation after ply {gaps[0]}, ") as raised:
        judge_game(gold.game, gold.evaluations)
    assert list(raised.value.plies) == gaps


@pytest.mark.parametrize("name", ["q7ZvsdUF", "CCW6EEru"])
def test_the_api_publishes_our_judgment_of_every_ply_and_our_totals(name: str) -> None:
    answer = json.loads(shared_data(f"gold/lichess_api_{name}.json").read_text())
    gold = api_game(answer)
    review = judge_game(gold.game, _with_published_best(gold))
    assert _judgments(review) == [said.judgment for said in gold.published]
    assert [lichess_comment(move) or "" for move in review.moves] == [
        said.comment for said in gold.published
    ]
    for side, published in ((review.white, "white"), (review.black, "black")):
        expected = answer["players"][published]["analysis"]
        assert side.acpl is not None
        assert side.accuracy is not None
        ours = {
            "inaccuracy": side.inaccuracies,
            "mistake": side.mistakes,
            "blunder": side.blunders,
            "acpl": round(side.acpl),
            "accuracy": int(side.accuracy + 0.5),
        }
        assert ours == {"accuracy": ours["accuracy"], **expected}


def test_the_study_has_our_glyph_and_our_sentence_on_every_ply_but_the_explained() -> None:
    unlike = {}
    for gold in _gold_games("gold/lichess_study_annotated.pgn"):
        review = judge_game(gold.game, _with_line_of_sentence(gold))
        for move, said in zip(review.moves, gold.published, strict=True):
            ours = (move.judgment.value if move.judgment else None, lichess_comment(move) or "")
            if ours != (said.judgment, said.comment):
                unlike[gold.id, move.ply] = (ours[0], said.judgment)
    assert unlike == {place: exception.difference for place, exception in STUDY.items()}


@pytest.mark.parametrize(
    "place", [place for place, e in STUDY.items() if e.why is Unexplained.BEST]
)
def test_an_exception_of_the_study_is_gone_once_the_played_move_is_known_as_the_best(
    place: tuple[str, int],
) -> None:
    gold = next(g for g in _gold_games("gold/lichess_study_annotated.pgn") if g.id == place[0])
    played = gold.game.moves[place[1] - 1].move.uci()
    known = with_line(gold.evaluations, place[1] - 1, played)
    assert judge_game(gold.game, known).moves[place[1] - 1].judgment is None


def test_the_server_stored_a_best_move_where_we_judge_and_nowhere_else() -> None:
    judged_only, stored_only = set(), set()
    for gold in _gold_games(_SERVER):
        review = judge_game(gold.game, gold.evaluations, LICHESS_2020)
        for move, said in zip(review.moves, gold.published, strict=True):
            if move.judgment and not said.best:
                judged_only.add((gold.id, move.ply))
            if said.best and not move.judgment:
                stored_only.add((gold.id, move.ply))
    assert stored_only == set()
    assert judged_only == {
        (name, ply) for name, plies in NOT_JUDGED_SERVER.items() for ply in plies
    }


def test_the_newer_curve_could_not_have_stored_those_best_moves() -> None:
    """So the profile lichess-2020 has a reason to be."""
    differ = 0
    for gold in _gold_games(_SERVER)[:100]:
        review = judge_game(gold.game, gold.evaluations, LICHESS)
        pairs = zip(review.moves, gold.published, strict=True)
        differ += sum((move.judgment is None) and (said.best is not None) for move, said in pairs)
    assert differ > 50


# lichess_api/user_games_headers_only.ndjson is left out: its division (18, 42) stands beside a game
# of 38 plies, so the two were never one game.
@pytest.mark.parametrize(
    "name",
    [
        "gold/lichess_api_q7ZvsdUF.json",
        "lichess_api/games-gamesExportIds.json",
        "lichess_api/games-apiGamesUserJson.json",
    ],
)
def test_the_phases_begin_where_the_api_says(name: str) -> None:
    answer = json.loads(shared_data(name).read_text())
    division = divide(boards(game(answer["moves"])))
    expected = answer["division"]
    assert (division.middle, division.end) == (expected.get("middle"), expected.get("end"))


def test_the_accuracy_cases_of_lichess_are_met() -> None:
    cases = json.loads(shared_data("gold/lichess_accuracy_unit_cases.json").read_text())
    assert len(cases) == 17
    for case in cases:
        start = LICHESS_CURVE.win_percent(START_SCORE)
        percents = [start, *(50 + 50 * LICHESS_CURVE.chances(cp) for cp in case["cps"])]
        ours = game_accuracies(percents, white_starts=case["start_color"] == "white")
        for expected, value in zip(
            (case["white"], case["black"]), ours or (None, None), strict=True
        ):
            if expected is None:
                assert value is None, case["name"]
            else:
                within = pytest.approx(expected["value"], abs=expected["tolerance"])
                assert value == within, case["name"]


@functools.cache
def _gold_games(name: str) -> list[GoldGame]:
    path = shared_data(name)
    return list(pgn_games(path)) if name.endswith(".pgn") else [*map(api_game, ndjson_games(path))]


@functools.cache
def _reference(name: str) -> dict[str, Any]:
    everything = json.loads(shared_data("gold/reference_metrics.json").read_text())
    found = next(part for key, part in everything.items() if name.endswith(key))
    assert isinstance(found, dict)
    return found


def _as_reference(review: Review) -> dict[str, Any]:
    def side(of: Any) -> dict[str, Any]:
        return {
            "acpl": round(of.acpl),
            "accuracy": round(of.accuracy, 2),
            "inaccuracy": of.inaccuracies,
            "mistake": of.mistakes,
            "blunder": of.blunders,
        }

    return {
        "plies": len(review.moves),
        "evals": sum(move.score is not None for move in review.moves),
        "white": side(review.white),
        "black": side(review.black),
        "labels": [[m.ply, m.judgment.value.capitalize()] for m in review.moves if m.judgment],
    }


def _judgments(review: Review) -> list[str | None]:
    return [move.judgment.value if move.judgment else None for move in review.moves]


def _with_published_best(gold: GoldGame) -> Sequence[Evaluation | None]:
    known = gold.evaluations
    for index, said in enumerate(gold.published):
        if said.best:
            known = with_line(known, index, said.best)
    return known


def _with_line_of_sentence(gold: GoldGame) -> Sequence[Evaluation | None]:
    """Take over the better move that a sentence names, where it names one."""
    known = gold.evaluations
    for index, board in enumerate(boards(gold.game)):
        said = gold.published[index].comment if index < len(gold.published) else ""
        if said.endswith(" was best."):
            san = said.removesuffix(" was best.").rsplit(" ", 1)[-1]
            known = with_line(known, index, board.parse_san(san).uci())
    return known
