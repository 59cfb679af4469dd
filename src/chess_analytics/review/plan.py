"""Spend nodes where they change what the player is told: the adaptive plan. Pure.

Why it is as it is, and what was tried and did not help: docs/decisions/0008-adaptive-plan.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import chess

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.engine.profile import Profile
from chess_analytics.games.model import Game
from chess_analytics.games.positions import boards, shared_fens
from chess_analytics.review.judgment import judge_move, move_cost
from chess_analytics.review.thresholds import LICHESS, Thresholds
from chess_analytics.review.win_chance import START_SCORE

# How far beside the limits a sweep's loss may lie and still be on the wrong side of one: of all
# moves that lie further away, more nodes change hardly any.
OPEN_MARGIN = 2.0

# Searches whose nodes differ by less than this factor know about as much as each other.
MUCH_DEEPER = 1.5


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """A move whose judgment more nodes may change."""

    distance: float
    """From the nearest limit, in percent points: the closer, the sooner it is looked into."""
    ply: int
    nodes: int
    """For each of its two positions."""


def next_searches(
    game: Game,
    evaluations: Sequence[Evaluation | None],
    profile: Profile,
    thresholds: Thresholds = LICHESS,
) -> dict[int, int]:
    """Name the positions to search again after the sweep, in order, with the nodes for each.

    `evaluations` has one item a position; absent ones, and those that no engine has searched, are
    never asked for. Searches beyond the profile's bound are left out, the most doubtful kept.
    """
    if not profile.is_adaptive:
        return {}
    left = _nodes_left(game, evaluations, profile)
    wanted: dict[int, int] = {}
    for doubt in sorted(doubts(game, evaluations, profile, thresholds)):
        more = {
            index: doubt.nodes
            for index in (doubt.ply - 1, doubt.ply)
            if (known := evaluations[index]) and 0 < known.nodes < doubt.nodes
            if wanted.get(index, 0) < doubt.nodes
        }
        cost = sum(nodes - wanted.get(index, 0) for index, nodes in more.items())
        if left is None or cost <= left:
            wanted |= more
            left = left - cost if left is not None else None
    return dict(sorted(wanted.items()))


def doubts(
    game: Game,
    evaluations: Sequence[Evaluation | None],
    profile: Profile,
    thresholds: Thresholds = LICHESS,
) -> list[Doubt]:
    """Find the moves whose judgment the sweep leaves open, in the order of play.

    The engine's own first choice is never judged, and a forced move leaves nothing to choose.
    """
    limits = (thresholds.inaccuracy, thresholds.mistake, thresholds.blunder)
    found = []
    for ply, (board, played) in enumerate(zip(boards(game), game.moves, strict=False), start=1):
        before, after = evaluations[ply - 1], evaluations[ply]
        if after is None or (before is None and ply > 1):
            continue
        if (before and before.best == board.uci(played.move)) or board.legal_moves.count() == 1:
            continue
        loss = _loss(game, ply, before, after, thresholds)
        nodes = _nodes_for(loss, profile, thresholds)
        if nodes:
            found.append(Doubt(min(abs(loss - limit) for limit in limits), ply, nodes))
    return found


def settle(game: Game, evaluations: Sequence[Evaluation | None]) -> tuple[Evaluation | None, ...]:
    """Let a shallow evaluation take over what a much deeper one of its neighbour found out.

    Where the engine's own choice was played, the two positions are one line of play with one value.
    Left apart, a deep search beside a shallow one would make up gains and losses that nobody made.
    """
    settled = list(evaluations)
    weights = [_weight(item) for item in evaluations]
    links = _links(game, evaluations)
    for index, turn, uci in reversed(links):
        before, after = settled[index], settled[index + 1]
        if before and after and weights[index + 1] > MUCH_DEEPER * weights[index]:
            line = Line(_moved(after.score, turn, 1), (uci, *after.line.moves))
            settled[index] = replace(before, line=line)
            weights[index] = weights[index + 1]
    for index, turn, _ in links:
        before, after = settled[index], settled[index + 1]
        if before and after and weights[index] > MUCH_DEEPER * weights[index + 1]:
            line = Line(_moved(before.score, turn, -1), after.line.moves)
            settled[index + 1] = replace(after, line=line)
            weights[index + 1] = weights[index]
    return tuple(settled)


def _links(
    game: Game, evaluations: Sequence[Evaluation | None]
) -> list[tuple[int, chess.Color, str]]:
    """List the positions whose first choice was played: index, who moved, the move."""
    found = []
    for index, (board, played) in enumerate(zip(boards(game), game.moves, strict=False)):
        before, uci = evaluations[index], board.uci(played.move)
        if before and evaluations[index + 1] and before.best == uci:
            found.append((index, board.turn, uci))
    return found


def _weight(evaluation: Evaluation | None) -> float:
    """Tell how much an evaluation is worth: its nodes, and a drawn end of the game beats all."""
    if evaluation is None:
        return 0
    return evaluation.nodes if evaluation.line.moves else math.inf


def _nodes_for(loss: float, profile: Profile, thresholds: Thresholds) -> int:
    if thresholds.inaccuracy <= loss <= thresholds.blunder + OPEN_MARGIN:
        return profile.doubt_nodes
    if loss > thresholds.blunder:
        return profile.blunder_nodes
    return profile.near_nodes if loss >= thresholds.inaccuracy - OPEN_MARGIN else 0


def _loss(
    game: Game,
    ply: int,
    before: Evaluation | None,
    after: Evaluation,
    thresholds: Thresholds,
) -> float:
    """Give the loss in percent points; where a mate decided, the limit of its judgment."""
    was, side = before.score if before else START_SCORE, game.side_to_move(ply)
    verdict = judge_move(was, after.score, side, thresholds)
    cost = move_cost(was, after.score, side, thresholds)
    if verdict and not verdict.fall:
        return max(cost.loss, thresholds.inaccuracy)
    return cost.loss


def _nodes_left(
    game: Game, evaluations: Sequence[Evaluation | None], profile: Profile
) -> int | None:
    if not profile.most_nodes:
        return None
    # What many games share was not swept, and earns no further looks.
    shared = shared_fens(game) if profile.shared_nodes else {}
    swept = [index for index, item in enumerate(evaluations) if item and item.nodes]
    count = sum(1 for index in swept if index not in shared)
    return count * max(0, profile.most_nodes - profile.sweep_nodes)


def _moved(score: Score, turn: chess.Color, step: int) -> Score:
    """Give the score one move earlier (step 1) or later (-1), when ``turn`` makes that move.

    Only the mating side's own moves count in the distance of its mate.
    """
    if score.mate is None or (score.mate > 0) != (turn == chess.WHITE):
        return score
    distance = max(1, abs(score.mate) + step)
    return Score(mate=distance if score.mate > 0 else -distance)
