import random
from dataclasses import replace

import chess
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chess_analytics.games.model import Game, Side
from chess_analytics.insights.facts import game_facts
from chess_analytics.review.judge import (
    EvaluationsMissing,
    JudgedMove,
    Review,
    judge_game,
    wants_second,
)
from chess_analytics.review.judged_move import lichess_comment
from chess_analytics.review.replay import replay
from chess_analytics.review.rules import LabelKind
from chess_analytics.review.thresholds import LICHESS, PROFILES, STRICT
from tests.builders import game, game_of, games
from tests.review.evaluations import Value, each, evaluations_of, known, mirrored, mirrored_move

FOOLS_MATE = "1. f3 e5 2. g4 Qh4#"
THIN = "r2r2k1/1pp2ppp/4b3/8/8/4BN2/PPP2PPP/R2R2K1 w - - 0 1"
# Positions without an opening's name: one to play on, one Chess960, one with few pieces.
STARTS = [
    "r1bq1rk1/ppp2ppp/2np1n2/2b1p3/2B1P3/2NP1N2/PPP2PPP/R1BQ1RK1 w - - 0 8",
    "r1bq1rk1/ppp2ppp/2np1n2/2b1p3/2B1P3/2NP1N2/PPP2PPP/R1BQ1RK1 b - - 0 8",
    "bqnb1rkr/pp3ppp/3ppn2/2p5/5P2/P2P4/NPP1P1PP/BQ1BNRKR w HFhf - 2 9",
    "8/5pk1/6p1/8/3R4/6P1/r4P2/6K1 w - - 0 1",
]


def test_a_short_game_is_judged_move_by_move() -> None:
    played = game(
        FOOLS_MATE, tags={"TimeControl": "300+0"}, clocks=[300, 300, 297, 290], result="0-1"
    )
    evaluations = [None, known(-70, "e7e5"), known(-60, "g1h3 d7d5"), known("#-1", "d8h4"), None]
    review = judge_game(played, evaluations)
    first, _, third, last = review.moves
    assert (first.ply, first.side, first.san, first.uci) == (1, Side.WHITE, "f3", "f2f3")
    assert (first.judgment, first.loss_cp) == ("inaccuracy", 85)
    assert (third.judgment, third.cause, third.label.kind) == ("blunder", "mate allowed", "blunder")
    assert (third.best, third.best_san) == ("g1h3", "Nh3")
    assert (third.better_line, third.better_sans) == (("g1h3", "d7d5"), ("Nh3", "d5"))
    assert (third.score_before, third.score) == (known(-60).score, known("#-1").score)
    assert (third.clock_s, third.spent_s) == (297, 3)
    assert (last.score, last.judgment, last.win_after) == (None, None, 100)
    assert lichess_comment(third) == "Checkmate is now unavoidable. Nh3 was best."
    assert lichess_comment(last) is None
    assert (review.white.inaccuracies, review.white.mistakes, review.white.blunders) == (1, 0, 1)
    assert review.black.labels[LabelKind.BLUNDER] == 0
    assert sum(review.side(Side.BLACK).labels.values()) == 2


def test_the_mating_move_takes_no_part_in_accuracy_and_average_loss() -> None:
    """Lichess has no evaluation after a mate, so its series end one ply before."""
    mated = judge_game(game(FOOLS_MATE), each(None, -70, -60, "#-1", None))
    stopped = judge_game(game("1. f3 e5 2. g4"), each(None, -70, -60, "#-1"))
    assert (mated.white.accuracy, mated.white.acpl) == (stopped.white.accuracy, stopped.white.acpl)
    assert (mated.black.accuracy, mated.black.acpl) == (stopped.black.accuracy, stopped.black.acpl)
    assert mated.black.acpl == 10


def test_an_evaluation_of_a_position_that_is_mate_changes_nothing() -> None:
    without = judge_game(game(FOOLS_MATE), each(None, -70, -60, "#-1", None))
    assert judge_game(game(FOOLS_MATE), each(None, -70, -60, "#-1", 500)).moves == without.moves


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        ("7k/8/6K1/8/8/8/8/5Q2 w - - 0 1", "1. Qf7"),
        ("7k/8/8/8/8/8/6p1/5K2 w - - 0 1", "1. Kxg2"),
    ],
)
def test_a_draw_on_the_board_needs_no_evaluation_and_is_worth_nothing(fen: str, text: str) -> None:
    found = judge_game(game(text, fen=fen), each(900, None)).moves[-1]
    assert found.score == known(0).score
    assert found.judgment == "blunder"
    assert found == judge_game(game(text, fen=fen), each(900, 0)).moves[-1]


@pytest.mark.parametrize(
    ("text", "values", "plies", "named"),
    [
        ("1. e4 e5 2. Nf3", (None, 30, None, 30), (2,), "after ply 2;"),
        ("1. e4 e5 2. Nf3", (None, 30, 30, None), (3,), "after ply 3;"),
        ("1. e4 e5 2. Nf3", (None, 30), (2, 3), "after ply 2, 3;"),
        (FOOLS_MATE, (None, 30, None, 30, None), (2,), "after ply 2;"),
        (
            "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6",
            (None,) * 7,
            (1, 2, 3, 4, 5, 6),
            "1, 2, 3, 4, 5 and others;",
        ),
    ],
)
def test_missing_evaluations_are_named(
    text: str, values: tuple[Value | None, ...], plies: tuple[int, ...], named: str
) -> None:
    for judge in (judge_game, wants_second):
        with pytest.raises(EvaluationsMissing, match=named) as raised:
            judge(game(text), each(*values))
        assert raised.value.plies == plies


def test_more_evaluations_than_positions_cannot_be_of_this_game() -> None:
    with pytest.raises(ValueError, match="4 evaluations for a game of 3 positions"):
        judge_game(game("1. e4 e5"), each(None, 30, 30, 30))


def test_an_absent_start_counts_as_on_lichess_and_a_given_one_as_given() -> None:
    played = game("1. e4 e5")
    assert (
        judge_game(played, each(None, 30, 30)).moves == judge_game(played, each(15, 30, 30)).moves
    )
    assert judge_game(played, each(300, 30, 30)).moves[0].judgment == "blunder"


def test_a_game_without_moves_has_nothing_to_judge() -> None:
    review = judge_game(game(""), [None])
    assert (review.moves, review.white.accuracy, review.white.acpl) == ((), None, None)
    assert review.turning_points == review.missed_wins == review.time_trouble_errors == ()


def test_one_move_has_a_loss_but_no_accuracy() -> None:
    review = judge_game(game("1. e4"), each(None, 5))
    assert (review.white.accuracy, review.white.acpl) == (None, 10)
    assert (review.black.accuracy, review.black.acpl) == (None, None)


def test_a_best_line_that_is_not_legal_is_left_out() -> None:
    played = game("1. e4 e5")
    unknown = judge_game(played, [known(300, "e2e5"), known(0), known(0)]).moves[0]
    assert (unknown.best, unknown.best_san, unknown.better_line) == (None, None, ())
    cut = judge_game(played, [known(300, "d2d4 d7d5 a1a8 c2c4"), known(0), known(0)]).moves[0]
    assert cut.better_sans == ("d4", "d5")


def test_a_better_line_is_cut_where_lichess_cuts_it() -> None:
    line = "d2d4 d7d5 c2c4 e7e6 b1c3 g8f6 c1g5 f8e7 e2e3 e8g8 g1f3 b8d7 d1c2 f8e8"
    move = judge_game(game("1. e4 e5"), [known(300, line), known(0), known(0)]).moves[0]
    assert " ".join(move.better_line) == line.removesuffix(" d1c2 f8e8")
    assert move.better_sans[-3:] == ("O-O", "Nf3", "Nbd7")


def test_the_comment_of_lichess_names_the_better_move_only_where_there_is_one() -> None:
    played = game("1. e4 e5")
    bare = judge_game(played, each(300, 0, 0)).moves[0]
    assert lichess_comment(bare) == "Blunder."
    named = judge_game(played, [known(300, "d2d4"), known(0), known(0)]).moves[0]
    assert lichess_comment(named) == "Blunder. d4 was best."


def test_castling_in_chess960_is_spelled_as_the_king_taking_its_rook() -> None:
    fen = "7k/8/8/8/8/8/8/1RK1R3 w EB - 0 1"
    review = judge_game(game("1. O-O", fen=fen, chess960=True), [known(0, "c1e1"), known(0)])
    move = review.moves[0]
    assert (move.san, move.uci, move.best, move.label.rule) == (
        "O-O",
        "c1e1",
        "c1e1",
        "first choice",
    )


def test_the_phase_of_every_move_follows_the_division() -> None:
    review = judge_game(game("1. Rxd8+ Rxd8 2. a3", fen=THIN), each(0, 0, 0, 0))
    assert (review.division.middle, review.division.end) == (0, 1)
    assert [move.phase for move in review.moves] == ["endgame"] * 3


@settings(deadline=None)
@given(st.data(), games(max_plies=25, starts=STARTS))
def test_a_mirrored_game_has_a_mirrored_review(data: st.DataObject, played: Game) -> None:
    evaluations = data.draw(evaluations_of(played))
    thresholds = data.draw(st.sampled_from(list(PROFILES.values())))
    ours = judge_game(played, evaluations, thresholds)
    turned = judge_game(_turned(played), mirrored(evaluations), thresholds)
    assert [_seen(move) for move in turned.moves] == [
        _seen(move, turned=True) for move in ours.moves
    ]
    for one, other in ((turned.white, ours.black), (turned.black, ours.white)):
        assert one.accuracy == pytest.approx(other.accuracy)
        assert replace(one, accuracy=None) == replace(other, accuracy=None)
    assert turned.division == ours.division
    for moments in ("turning_points", "missed_wins", "time_trouble_errors"):
        found = [replace(item, side=item.side.other) for item in getattr(turned, moments)]
        assert found == list(getattr(ours, moments))
    assert wants_second(_turned(played), mirrored(evaluations)) == wants_second(played, evaluations)


@settings(deadline=None)
@given(st.data(), st.lists(games(max_plies=20), min_size=1, max_size=4), st.randoms())
def test_games_are_judged_the_same_in_any_order_and_however_the_numbers_were_come_by(
    data: st.DataObject, archive: list[Game], chance: random.Random
) -> None:
    stored = [(played, data.draw(evaluations_of(played))) for played in archive]
    first = [judge_game(played, evaluations) for played, evaluations in stored]
    order = list(range(len(stored)))
    chance.shuffle(order)
    again: dict[int, Review] = {}
    for index in order:
        played, evaluations = stored[index]
        copied = tuple(
            replace(item, depth=9, nodes=chance.randrange(10**6)) for item in evaluations
        )
        again[index] = judge_game(played, copied)
    assert [again[index] for index in range(len(stored))] == first


@settings(deadline=None)
@given(st.data(), games(max_plies=25))
def test_a_game_that_was_played_through_already_is_judged_the_same(
    data: st.DataObject, played: Game
) -> None:
    evaluations, once = data.draw(evaluations_of(played)), replay(played)
    review = judge_game(played, evaluations)
    assert wants_second(once, evaluations) == wants_second(played, evaluations)
    assert judge_game(once, evaluations) == review
    assert game_facts(review, evaluations, once) == game_facts(review, evaluations)


@settings(deadline=None)
@given(st.data(), games(max_plies=25))
def test_a_review_adds_up(data: st.DataObject, played: Game) -> None:
    review = judge_game(played, data.draw(evaluations_of(played)))
    for side in Side:
        moves = [move for move in review.moves if move.side is side]
        summary = review.side(side)
        assert sum(summary.labels.values()) == len(moves)
        judged = [move.judgment for move in moves if move.judgment]
        assert len(judged) == summary.inaccuracies + summary.mistakes + summary.blunders
        assert summary.accuracy is None or 0 <= summary.accuracy <= 100
    for move in review.moves:
        assert 0 <= move.loss <= 100
        assert 0 <= move.loss_cp <= 2000
        assert move.loss == max(0, move.win_before - move.win_after)
        assert (move.best == move.uci) <= (move.judgment is None)


@settings(deadline=None)
@given(st.data(), games(max_plies=25))
def test_a_stricter_profile_never_finds_less(data: st.DataObject, played: Game) -> None:
    evaluations = data.draw(evaluations_of(played))
    for mild, strict in zip(
        judge_game(played, evaluations, LICHESS).moves,
        judge_game(played, evaluations, STRICT).moves,
        strict=True,
    ):
        assert (mild.judgment is None) or strict.judgment is not None


def _turned(played: Game) -> Game:
    """Swap the colours and turn the board upside down."""
    board = chess.Board(played.initial_fen, chess960=played.variant == "chess960").mirror()
    moves = [mirrored_move(item.move.uci()) for item in played.moves]
    return game_of(moves, fen=board.fen(), chess960=board.chess960)


def _seen(move: JudgedMove, *, turned: bool = False) -> tuple[object, ...]:
    """Say of a move what does not depend on the colours, or would be seen of it turned."""
    line = tuple(mirrored_move(uci) for uci in move.better_line) if turned else move.better_line
    return (
        move.ply,
        move.side.other if turned else move.side,
        line,
        move.judgment,
        move.cause,
        move.label,
        move.loss,
        move.loss_cp,
        move.win_before,
        move.win_after,
        move.accuracy,
        move.phase,
        move.is_forced,
        move.is_book,
    )
