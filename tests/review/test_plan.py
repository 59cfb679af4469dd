"""The adaptive plan: it asks only what may matter, within its budget, and settles neighbours."""

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
from chess_analytics.review.plan import OPEN_MARGIN, doubts, next_searches, settle
from chess_analytics.review.thresholds import LICHESS
from tests.builders import game, games

PLAN = Profile("plan", sweep_nodes=10, near_nodes=40, doubt_nodes=100, blunder_nodes=20)
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


def _value(score: Score) -> tuple[int | None, bool | None]:
    """Leave out the distance of a mate, which counts moves and so changes."""
    return score.cp, None if score.mate is None else score.mate > 0


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
        assert 0 < known.nodes < nodes <= PLAN.doubt_nodes


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
def test_settling_leaves_no_deep_search_beside_a_shallow_one_of_the_same_line(
    drawn: tuple[Game, list[Evaluation | None]],
) -> None:
    played, evaluations = drawn
    settled = settle(played, evaluations)
    for line in _lines_of_play(played, evaluations):
        known = [(item, now) for at in line if (item := evaluations[at]) and (now := settled[at])]
        most = max(item.nodes for item, _ in known)
        deep = [_value(now.score) for item, now in known if item.nodes == most]
        assert all(_value(now.score) in deep for item, now in known if item.nodes < most)


def _lines_of_play(played: Game, evaluations: Sequence[Evaluation | None]) -> list[list[int]]:
    """Part the searched positions into lines in which the engine's own choices were played."""
    lines = [[0]]
    for ply, move in enumerate(played.moves, start=1):
        before, after = evaluations[ply - 1], evaluations[ply]
        is_same = before and after and before.best == move.move.uci()
        if is_same and before and before.nodes and after and after.nodes:
            lines[-1].append(ply)
        else:
            lines.append([ply])
    return [line for line in lines if len(line) > 1]


@given(analysed())
def test_settling_leaves_searches_of_the_same_depth_alone(
    drawn: tuple[Game, list[Evaluation | None]],
) -> None:
    played, evaluations = drawn
    searched = [item if item is None or item.nodes else None for item in evaluations]
    assert list(settle(played, searched)) == searched


@given(analysed())
def test_settling_what_is_settled_changes_no_line_of_play(
    drawn: tuple[Game, list[Evaluation | None]],
) -> None:
    played, evaluations = drawn
    settled = settle(played, evaluations)
    again = settle(played, settled)
    assert [item and _value(item.score) for item in again] == [
        item and _value(item.score) for item in settled
    ]


@given(analysed())
def test_a_settled_game_can_be_judged(drawn: tuple[Game, list[Evaluation | None]]) -> None:
    played, evaluations = drawn
    review = judge_game(played, settle(played, evaluations))
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
        (200, 20),  # 17.6: a blunder for good, but how bad counts in the accuracy
        (900, 20),
    ],
)
def test_nodes_go_where_the_judgment_is_open(cp_after: int, nodes: int) -> None:
    wanted = next_searches(FOUR, _loss_of_second_ply(cp_after), PLAN)
    assert wanted == ({1: nodes, 2: nodes} if nodes else {})


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


def test_the_deeper_of_two_neighbours_is_believed() -> None:
    followed = [
        None,
        _known(20, "e7e5", nodes=1000),
        _known(80, "g1f3", nodes=10),
        _known(75),
        _known(75),
    ]
    settled = settle(FOUR, followed)
    assert [item.score.cp for item in settled[1:4] if item] == [20, 20, 20]


def test_a_later_search_that_is_deeper_tells_the_position_before_it() -> None:
    deep = _known(80, "g1f3", nodes=1000)
    settled = settle(FOUR, [None, _known(20, "e7e5"), deep, _known(75), _known(75)])
    assert [item.score.cp for item in settled[1:4] if item] == [80, 80, 80]
    assert settled[1]
    assert settled[1].line.moves == ("e7e5", "g1f3")


def test_a_mate_is_one_move_further_away_one_move_earlier() -> None:
    mating = game("1. Kg6 Kg8", fen="7k/8/5K2/8/8/8/8/Q7 w - - 0 1")
    deep = _known(None, mate=2, nodes=1000)
    found = [_known(None, "f6g6", mate=5), _known(None, "h8g8", mate=4), deep]
    settled = settle(mating, found)
    # White moves first: mate in 2 after it is mate in 3 before; Black's reply takes nothing off.
    assert [item.score.mate for item in settled if item] == [3, 2, 2]


def test_the_profiles_grow_and_stay_within_their_promises() -> None:
    fast, standard, deep = PROFILES.values()
    for name in (field.name for field in fields(Profile) if field.name != "name"):
        assert getattr(fast, name) < getattr(standard, name) < getattr(deep, name)
    # Never more than half of the uniform runs that they are compared with.
    assert FAST.most_nodes <= 50_000
    assert STANDARD.most_nodes <= 200_000
    assert LICHESS.inaccuracy > OPEN_MARGIN
