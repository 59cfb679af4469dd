"""Spend nodes where they change what the player is told: the adaptive plan. Pure.

Why it is as it is, and what was tried and did not help: docs/decisions/0008-adaptive-plan.md,
0011-blending.md and 0012-a-game-full-of-errors.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chess_analytics.engine.evaluation import Evaluation, Score
from chess_analytics.engine.profile import Profile
from chess_analytics.games.model import Game
from chess_analytics.games.positions import shared_fens
from chess_analytics.review.judgment import judge_move, move_cost
from chess_analytics.review.replay import Replay, Step, replay
from chess_analytics.review.thresholds import LICHESS, Thresholds
from chess_analytics.review.win_chance import START_SCORE

# How far short of an inaccuracy a sweep's loss may lie and still be one: of all moves that lose
# less, more nodes change hardly any.
NEAR_MARGIN = 2.0

# From this loss on, in percent points, a move's size decides its side's accuracy: that is half a
# harmonic mean, in which a point more of a loss of 60 weighs twenty times as much as of one of 5.
HEAVY_LOSS = 30.0

# What a node of a neighbour's search counts beside one of its own. Half or twice as much makes no
# difference that can be measured; as much as its own does harm (docs/decisions/0011).
NEIGHBOUR_WEIGHT = 0.15


@dataclass(frozen=True, slots=True, order=True)
class Doubt:
    """A move whose judgment more nodes may change."""

    distance: float
    """From the nearest limit, in percent points: the closer, the sooner it is looked into. A heavy
    loss comes first: its distance is 0."""
    ply: int
    nodes: int
    """For each of its two positions."""


def next_searches(
    game: Game | Replay,
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
    played = replay(game)
    left = _nodes_left(played.game, evaluations, profile)
    wanted: dict[int, int] = {}
    for doubt in sorted(doubts(played, evaluations, profile, thresholds)):
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
    game: Game | Replay,
    evaluations: Sequence[Evaluation | None],
    profile: Profile,
    thresholds: Thresholds = LICHESS,
) -> list[Doubt]:
    """Find the moves whose judgment the sweep leaves open, in the order of play.

    The engine's own first choice is never judged, and a forced move leaves nothing to choose.
    """
    limits = (thresholds.inaccuracy, thresholds.mistake, thresholds.blunder)
    found = []
    for step in replay(game).steps:
        before, after = evaluations[step.ply - 1], evaluations[step.ply]
        if after is None or (before is None and step.ply > 1):
            continue
        if (before and before.best == step.uci) or step.choices == 1:
            continue
        loss = _loss(step, before, after, thresholds)
        nodes = _nodes_for(loss, profile, thresholds)
        if nodes:
            is_heavy = loss >= HEAVY_LOSS
            distance = 0.0 if is_heavy else min(abs(loss - limit) for limit in limits)
            found.append(Doubt(distance, step.ply, nodes))
    return found


def blend(
    game: Game | Replay, evaluations: Sequence[Evaluation | None]
) -> tuple[Evaluation | None, ...]:
    """Let each evaluation hear what the searches of its neighbours on one line of play found.

    Where the engine's own choice was played, the positions before and after it have one value, and
    two searches have looked for it. Each score becomes the mean of its own and its neighbours',
    weighted by their nodes, a neighbour's counting ``NEIGHBOUR_WEIGHT`` of its own: so a shallow
    search beside a deep one makes up fewer gains and losses that nobody made. Mates, and positions
    that no engine has searched, stay as they are.
    """
    centipawns = [_searched_cp(item) for item in evaluations]
    sums = [item.nodes if item else 0.0 for item in evaluations]
    means = [own * (cp or 0) for own, cp in zip(sums, centipawns, strict=True)]
    for index, step in enumerate(replay(game).steps):
        before, after = evaluations[index], evaluations[index + 1]
        was, then = centipawns[index], centipawns[index + 1]
        if before is None or after is None or was is None or then is None:
            continue
        if before.best == step.uci:
            for at, other, cp in ((index, after, then), (index + 1, before, was)):
                sums[at] += NEIGHBOUR_WEIGHT * other.nodes
                means[at] += NEIGHBOUR_WEIGHT * other.nodes * cp
    return tuple(
        replace(item, line=replace(item.line, score=Score(round(mean / total))))
        if item and cp is not None
        else item
        for item, cp, mean, total in zip(evaluations, centipawns, means, sums, strict=True)
    )


def _searched_cp(evaluation: Evaluation | None) -> int | None:
    is_searched = evaluation is not None and evaluation.line.moves and evaluation.nodes
    return evaluation.score.cp if evaluation and is_searched else None


def _nodes_for(loss: float, profile: Profile, thresholds: Thresholds) -> int:
    if loss >= HEAVY_LOSS:
        return profile.heavy_nodes
    if loss >= thresholds.inaccuracy:
        return profile.doubt_nodes
    return profile.near_nodes if loss >= thresholds.inaccuracy - NEAR_MARGIN else 0


def _loss(
    step: Step, before: Evaluation | None, after: Evaluation, thresholds: Thresholds
) -> float:
    """Give the loss in percent points; where a mate decided, the limit of its judgment."""
    was = before.score if before else START_SCORE
    verdict = judge_move(was, after.score, step.side, thresholds)
    cost = move_cost(was, after.score, step.side, thresholds)
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
