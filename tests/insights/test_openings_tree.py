"""The opening tree against a walk through the games, one position after another."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import chess
import pytest

from chess_analytics.games.model import Side
from chess_analytics.insights.openings_tree import MOST_PLIES, OpeningTree, opening_tree
from tests.insights.archives import facts_of, known_games, sample_reviews

_POINTS = {"win": 1.0, "draw": 0.5, "loss": 0.0}


@pytest.mark.parametrize("color", Side)
def test_the_tree_counts_what_a_walk_through_the_games_counts(color: Side) -> None:
    reviews = sample_reviews()
    known = known_games(reviews)
    games: Counter[str] = Counter()
    points: dict[str, float] = defaultdict(float)
    moves: dict[str, Counter[str]] = defaultdict(Counter)
    for (review, _), (library, facts) in zip(reviews, known, strict=True):
        if library.color != color or facts is None:
            continue
        board, seen = chess.Board(), set[str]()
        for made in review.game.moves[:MOST_PLIES]:
            # The last position of a game leads nowhere.
            if len(board.move_stack) + 1 == len(review.game.moves):
                break
            epd = board.epd()
            if epd not in seen:
                games[epd] += 1
                points[epd] += _POINTS[library.outcome or "draw"]
                moves[epd][made.move.uci()] += 1
            seen.add(epd)
            board.push(made.move)
    tree = opening_tree(facts_of(known), color)
    expected = {epd: games[epd] for epd in _reachable(moves)}
    assert {_epd(tree, name): node.games for name, node in tree.positions.items()} == expected
    for name, node in tree.positions.items():
        epd = _epd(tree, name)
        assert node.score is not None
        assert node.score.value == pytest.approx(100 * points[epd] / games[epd])
        often = {uci: count for uci, count in moves[epd].items() if count > 1}
        assert {move.uci: move.games for move in node.moves} == often
    assert len(expected) > 10


def _reachable(moves: Mapping[str, Counter[str]]) -> set[str]:
    """Give the positions that at least two games came to by moves that two games made alike."""
    found, open_ = set[str](), [chess.STARTING_FEN]
    while open_:
        fen = open_.pop()
        epd = chess.Board(fen).epd()
        if epd in found or sum(moves[epd].values()) < 2:
            continue
        found.add(epd)
        for uci, count in moves[epd].items():
            if count > 1:
                board = chess.Board(fen)
                board.push_uci(uci)
                open_.append(board.fen())
    return found


def test_ways_that_meet_again_lead_to_one_position() -> None:
    tree = opening_tree(facts_of(known_games(sample_reviews())), Side.WHITE, least_games=1)
    into = Counter(move.leads_to for node in tree.positions.values() for move in node.moves)
    assert into.most_common(1)[0][1] > 1


def _epd(tree: OpeningTree, name: str) -> str:
    return chess.Board(tree.positions[name].fen).epd()
