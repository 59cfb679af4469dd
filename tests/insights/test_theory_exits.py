"""Where theory is left, against a walk through the games."""

from collections import defaultdict

import chess
import pytest

from chess_analytics.games.openings import opening_at
from chess_analytics.insights.loss_table import Span
from chess_analytics.insights.question import Filter
from chess_analytics.insights.theory_exits import MOST_SEEN, theory_exits
from tests.insights.archives import facts_of, known_games, sample_reviews

_POINTS = {"win": 1.0, "draw": 0.5, "loss": 0.0}
_Key = tuple[str, str, str]


def _walked() -> dict[_Key, list[tuple[int, bool, float]]]:
    """Walk each game to the first move after its last position that has a name."""
    reviews = sample_reviews()
    found: dict[_Key, list[tuple[int, bool, float]]] = defaultdict(list)
    for (review, _), (library, facts) in zip(reviews, known_games(reviews), strict=True):
        if facts is None:
            continue
        board, boards = chess.Board(), [chess.Board()]
        for made in review.game.moves:
            board.push(made.move)
            boards.append(board.copy(stack=False))
        named = [ply for ply, each in enumerate(boards) if ply and opening_at(each)]
        last = max(named, default=0)
        if last < len(review.game.moves):
            is_mine = boards[last].turn == (library.color == "white")
            key = (boards[last].epd(), review.game.moves[last].move.uci(), library.color)
            found[key].append((library.game_id, is_mine, _POINTS[library.outcome or "draw"]))
    return found


def test_exits_are_those_of_a_walk_through_the_games() -> None:
    facts = facts_of(known_games(sample_reviews()))
    exits = theory_exits(facts, least_games=1)
    walked = _walked()
    assert sum(each.games for each in exits) == sum(map(len, walked.values()))
    assert sorted(each.games for each in exits) == sorted(map(len, walked.values()))
    by_game = {game[0]: (key, games) for key, games in walked.items() for game in games}
    for each in exits:
        (_, uci, color), games = by_game[each.seen[0].game_id]
        assert (each.uci, each.color, each.games) == (uci, color, len(games))
        assert each.is_mine is games[0][1]
        assert {move.game_id for move in each.seen} <= {game[0] for game in games}
        assert len(each.seen) == min(each.games, MOST_SEEN)
        assert each.score is not None
        points = [game[2] for game in games]
        assert each.score.value == pytest.approx(100 * sum(points) / len(points))


def test_seldom_exits_are_left_out_and_the_commonest_comes_first() -> None:
    facts = facts_of(known_games(sample_reviews()))
    every, often = theory_exits(facts, least_games=1), theory_exits(facts)
    assert often == tuple(each for each in every if each.games > 1)
    assert [each.games for each in every] == sorted((e.games for e in every), reverse=True)


def test_a_span_leaves_only_its_games() -> None:
    facts = facts_of(known_games(sample_reviews()))
    span = Span(filters=(Filter("color", ("white",)),))
    found = theory_exits(facts, span, least_games=1)
    assert {each.color for each in found} == {"white"}


def test_no_games_have_no_exits() -> None:
    assert theory_exits(facts_of([])) == ()
