"""The adaptive plan: it asks only what may matter, within its budget, and neighbours hear of it."""

from collections.abc import Sequence
from dataclasses import fields, replace

import chess
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.engine.profile import FAST, PROFILES, STANDARD, Profile, uniform
from chess_analytics.games.model import Game
from chess_analytics.games.positions import boards
from chess_analytics.review.judge import judge_game
from chess_analytics.review.plan import NEAR_MARGIN, blend, doubts, next_searches
from chess_analytics.review.thresholds import LICHESS
from tests.builders import game, games

PLAN = Profile("plan", sweep_nodes=10, near_nodes=40, doubt_nodes=100, heavy_nodes=150)
FOUR = game("1. e4 e5 2. Nf3 Nc6")


def _known(cp: int | None, *line: str, nodes: int = 10, mate: int | None = None) -> Evaluation:
    return Evaluation(Line(Score(cp, mate), line or ("h2h3",)), nodes=nodes)


@st.composite
def analysed(draw: st.DrawFn) -> tuple[Game, list[Evaluation | None]]:
    """Draw a game with a sweep's evaluations; the engine's choice is often the move played."""
    drawn = draw(games(max_plies=30))
    scores = st.integers(-600, 600).map(Score) | st.sampled_from([Score(mate=3), Score(mate=-4)])
    evaluations: list[Evaluation | None] = [None]
    positions = [board.copy(stack=False) for board in boards(drawn)]
    for index, board in enumerate(positions[1:], start=1):
        legal = [board.uci(move) for move in board.legal_moves]
        if not legal:
            evaluations.append(None if board.is_checkmate() else Evaluation(Line(Score(0), ())))
            continue
        played = [board.uci(drawn.moves[index].move)] if index < len(drawn.moves) else legal
        best = draw(st.sampled_from([*played, *legal[:2]]))
        evaluations.append(Evaluation(Line(draw(scores), (best,)), nodes=PLAN.sweep_nodes))
    return drawn, evaluations


@given(analysed(), st.integers(0, 200))
def test_the_budget_is_never_exceeded(
    drawn: tuple[Game, list[Evaluation | None]], most_nodes: int
) -> None:
    played, evaluations = drawn
    profile = replace(PLAN, most_nodes=most_nodes)
    wanted = next_searches(played, evaluations, profile)
    searched = [item for item in evaluations if item and item.nodes]
    if most_nodes:
        spent = sum(item.nodes for item in searched) + sum(wanted.values())
        assert spent <= max(most_nodes, PLAN.sweep_nodes) * len(searched)


@given(analysed())
def test_only_searched_positions_around_open_moves_are_asked_again(
    drawn: tuple[Game, list[Evaluation | None]],
) -> None:
    played, evaluations = drawn
    wanted = next_searches(played, evaluations, PLAN)
    plies = [doubt.ply for doubt in doubts(played, evaluations, PLAN)]
    around = {index for ply in plies for index in (ply - 1, ply)}
    assert set(wanted) <= around
    assert list(wanted) == sorted(wanted)
    for index, nodes in wanted.items():
        known = evaluations[index]
        assert known
        assert 0 < known.nodes < nodes <= PLAN.heavy_nodes


@given(analysed())
def test_the_engines_own_choice_is_never_in_doubt(
    drawn: tuple[Game, list[Evaluation | None]],
) -> None:
    played, evaluations = drawn
    for doubt in doubts(played, evaluations, PLAN):
        before = evaluations[doubt.ply - 1]
        assert not before or before.best != played.moves[doubt.ply - 1].move.uci()


@given(analysed())
def test_a_uniform_profile_asks_nothing_again(
    drawn: tuple[Game, list[Evaluation | None]],
) -> None:
    assert next_searches(*drawn, uniform(10)) == {}


@st.composite
def deepened(draw: st.DrawFn) -> tuple[Game, list[Evaluation | None]]:
    """Draw a game of which some positions were searched much deeper than the others."""
    played, evaluations = draw(analysed())
    factors = st.sampled_from([1, 1, 8])
    return played, [
        replace(item, nodes=item.nodes * draw(factors)) if item else None for item in evaluations
    ]


@given(deepened())
def test_a_blended_score_lies_between_its_own_and_its_neighbours(
    drawn: tuple[Game, list[Evaluation | None]],
) -> None:
    played, evaluations = drawn
    for index, (item, now) in enumerate(zip(evaluations, blend(played, evaluations), strict=True)):
        heard = [item, *_neighbours(played, evaluations, index)]
        scores = [each.score.cp for each in heard if each and each.nodes]
        centipawns = [cp for cp in scores if cp is not None]
        if item and item.nodes and item.score.cp is not None:
            assert now
            assert now.score.cp is not None
            assert min(centipawns) <= now.score.cp <= max(centipawns)
        else:
            assert now == item


def _neighbours(
    played: Game, evaluations: Sequence[Evaluation | None], index: int
) -> list[Evaluation | None]:
    """Give the evaluations of the positions beside this one on the same line of play."""
    found = []
    for at in (index - 1, index):
        before = evaluations[at] if 0 <= at < len(played.moves) else None
        if before and before.best == played.moves[at].move.uci():
            found.append(evaluations[at + (at == index)])
    return found


@given(deepened())
def test_blending_changes_scores_and_nothing_else(
    drawn: tuple[Game, list[Evaluation | None]],
) -> None:
    played, evaluations = drawn
    for item, now in zip(evaluations, blend(played, evaluations), strict=True):
        assert (item is None) == (now is None)
        if item and now:
            assert replace(now, line=item.line) == item
            assert now.line.moves == item.line.moves


@given(deepened())
def test_a_blended_game_can_be_judged(drawn: tuple[Game, list[Evaluation | None]]) -> None:
    played, evaluations = drawn
    review = judge_game(played, blend(played, evaluations))
    assert len(review.moves) == len(played.moves)


def _loss_of_second_ply(cp_after: int, nodes: int = 10) -> Sequence[Evaluation | None]:
    """Black's 1… e5 turns an equal position into ``cp_after``; all else is quiet."""
    quiet = (_known(cp_after, nodes=nodes) for _ in range(3))
    return [None, _known(0, "c7c5", nodes=nodes), *quiet]


@pytest.mark.parametrize(
    ("cp_after", "nodes"),
    [
        (10, 0),  # about 1 point
        (30, 0),  # 2.8: more nodes hardly ever make this an inaccuracy
        (40, 40),  # 3.7: near
        (53, 40),  # 4.9
        (60, 100),  # 5.5: an inaccuracy, and how bad is open
        (85, 100),  # 7.8: far from both limits, and still open
        (180, 100),  # 16: a blunder by a little
        (360, 100),  # 29.0: a blunder for good
        (380, 150),  # 30.2: the game's accuracy hangs on how bad it is
        (900, 150),
    ],
)
def test_nodes_go_where_the_judgment_is_open(cp_after: int, nodes: int) -> None:
    wanted = next_searches(FOUR, _loss_of_second_ply(cp_after), PLAN)
    assert wanted == ({1: nodes, 2: nodes} if nodes else {})


def test_a_heavy_loss_is_looked_into_before_what_is_in_doubt() -> None:
    # White loses 6.3 points, close to a limit; Black before that lost nearly half of the game.
    evaluations = [None, _known(0, "c7c5"), _known(800), _known(560), _known(560)]
    assert next_searches(FOUR, evaluations, PLAN) == {1: 150, 2: 150, 3: 100}
    spare = replace(PLAN, most_nodes=85)
    assert next_searches(FOUR, evaluations, spare) == {1: 150, 2: 150}


def test_the_better_of_two_wishes_for_one_position_is_granted_once() -> None:
    # White's second ply is near an inaccuracy, Black's before it is open: they share a position.
    evaluations = [None, _known(0, "c7c5"), _known(60), _known(15), _known(15)]
    assert next_searches(FOUR, evaluations, PLAN) == {1: 100, 2: 100, 3: 40}


def test_a_position_that_was_searched_deeper_already_is_not_asked_again() -> None:
    deep = _loss_of_second_ply(60, nodes=5000)
    assert next_searches(FOUR, deep, PLAN) == {}


def test_a_forced_move_is_not_in_doubt() -> None:
    forced = game("1. Qg7#", fen="7k/8/5KQ1/8/8/8/8/8 w - - 0 1")
    assert doubts(forced, [_known(500, "g6g1"), None], PLAN) == []
    only = game("1... Kh7", fen="7k/8/8/8/8/8/8/K5R1 b - - 0 1")
    assert chess.Board(only.initial_fen).legal_moves.count() == 1
    assert doubts(only, [_known(0, "a1a2"), _known(60)], PLAN) == []


def test_walking_into_a_mate_when_nearly_lost_is_open() -> None:
    evaluations = [
        None,
        _known(990, "c7c5"),
        _known(None, mate=9),
        _known(None, mate=9),
        _known(None, mate=8),
    ]
    assert [doubt.ply for doubt in doubts(FOUR, evaluations, PLAN)] == [2]


def test_a_deep_search_counts_for_more_beside_a_shallow_one() -> None:
    followed = [
        None,
        _known(20, "e7e5", nodes=1000),
        _known(80, "d2d4", nodes=100),
        _known(75, "b8c6", nodes=100),
        _known(75, nodes=100),
    ]
    blended = blend(FOUR, followed)
    # (20 * 1000 + 80 * 15) / 1015, and (80 * 100 + 20 * 150) / 250; White did not play 2. d4, so
    # what came before 2. Nf3 says nothing of what came after it.
    assert [item.score.cp for item in blended[1:] if item] == [21, 44, 75, 75]


def test_a_mate_and_a_drawn_end_are_blended_with_nothing() -> None:
    found = [
        None,
        _known(None, "e7e5", mate=5),
        _known(300, "g1f3"),
        _known(300, "b8c6"),
        Evaluation(Line(Score(0), ())),
    ]
    assert list(blend(FOUR, found)) == found


def test_the_profiles_grow_and_stay_within_their_promises() -> None:
    fast, standard, deep = PROFILES.values()
    for name in (field.name for field in fields(Profile) if field.name != "name"):
        assert getattr(fast, name) < getattr(standard, name) < getattr(deep, name)
    # No game costs as much as in the uniform runs of which half is promised on average.
    assert FAST.most_nodes < 100_000
    assert STANDARD.most_nodes < 400_000
    assert LICHESS.inaccuracy > NEAR_MARGIN
