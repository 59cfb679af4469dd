"""Totals over reviews: every game once, every number adds up."""

from itertools import pairwise

import pytest

from chess_analytics.actions.exports.summary import Summary
from chess_analytics.games.model import Side
from chess_analytics.review.judgment import Judgment
from tests.actions.exports.reviews import reviewed

# White, Black, result, time control.
_GAMES = (
    ("Ana", "Ben", "1-0", "300+0"),
    ("Ben", "Ana", "1/2-1/2", "600+0"),
    ("Cem", "ANA", "0-1", "600+0"),
    ("Ana", "Cem", "*", "-"),
    ("Cem", "Ben", "1-0", "600+0"),
)


def _summary(*players: str) -> Summary:
    summary = Summary(players)
    for white, black, result, control in _GAMES:
        review, _ = reviewed(white=white, black=black, result=result, tags={"TimeControl": control})
        summary.add(review)
    return summary


def test_without_players_each_game_counts_once_for_its_speed_and_its_opening() -> None:
    summary = _summary()
    assert (summary.games, summary.overall.games, summary.overall.appearances) == (5, 5, 10)
    assert {name: tally.games for name, tally in summary.by_speed.items()} == {
        "blitz": 1,
        "rapid": 3,
        "correspondence": 1,
    }
    assert [tally.games for tally in summary.by_opening.values()] == [5]
    assert not [name for name in summary.by_opening if " as " in name]
    assert [summary.by_side[side].games for side in Side] == [5, 5]


def test_with_a_player_only_that_players_games_and_moves_count() -> None:
    summary = _summary("ana")
    assert (summary.games, summary.overall.games, summary.overall.appearances) == (5, 4, 4)
    assert dict(summary.overall.results) == {"win": 2, "draw": 1, "unknown": 1}
    assert {side: tally.games for side, tally in summary.by_side.items()} == {
        Side.WHITE: 2,
        Side.BLACK: 2,
    }
    assert sorted(name.rsplit(" ", 1)[1] for name in summary.by_opening) == ["Black", "White"]
    assert summary.overall.moves == 4 * 3


def test_a_game_between_two_named_players_is_one_game_and_two_appearances() -> None:
    summary = _summary("Ana", "Ben")
    assert (summary.overall.games, summary.overall.appearances) == (5, 7)
    assert summary.by_speed["blitz"].games == 1
    assert sum(summary.overall.results.values()) == 7


@pytest.mark.parametrize("players", [(), ("Ana",), ("Ana", "Ben"), ("nobody",)])
def test_every_way_to_divide_the_moves_adds_up_to_all_of_them(players: tuple[str, ...]) -> None:
    summary = _summary(*players)
    overall = summary.overall
    for parts in (summary.by_side, summary.by_phase, summary.by_speed, summary.by_opening):
        tallies = list(parts.values())
        assert sum(tally.moves for tally in tallies) == overall.moves
        assert sum(tally.loss for tally in tallies) == pytest.approx(overall.loss)
        for judgment in Judgment:
            found = sum(tally.judgments[judgment] for tally in tallies)
            assert found == overall.judgments[judgment]
    for parts in (summary.by_side, summary.by_speed, summary.by_opening):
        assert sum(tally.appearances for tally in parts.values()) == overall.appearances
    assert summary.labels.total() == overall.moves


def test_a_rate_is_per_player_and_game() -> None:
    review, _ = reviewed()
    summary = Summary()
    summary.add(review)
    blunders = review.white.blunders + review.black.blunders
    assert blunders > 0
    assert summary.overall.per_game(Judgment.BLUNDER) == blunders / 2
    accuracies = (review.white.accuracy, review.black.accuracy)
    assert summary.overall.accuracy == pytest.approx(sum(a for a in accuracies if a) / 2)


def test_nothing_has_no_mean() -> None:
    empty = Summary().overall
    assert [empty.accuracy, empty.acpl, empty.mean_loss, empty.per_game(Judgment.BLUNDER)] == [
        None
    ] * 4


def test_the_dozen_costliest_moves_come_worst_first() -> None:
    summary = Summary()
    losses = []
    for worth in range(300, 1000, 50):
        review, _ = reviewed(evals=(30, 30, 30, worth, worth, worth))
        summary.add(review)
        losses += [move.loss for move in review.moves if move.judgment]
    kept = [costly.loss for costly in summary.costliest()]
    assert kept == sorted(losses, reverse=True)[:12]
    assert len(losses) > 12


def test_of_equally_costly_moves_the_first_met_goes_before() -> None:
    summary = Summary()
    for number in range(20):
        summary.add(reviewed(white=f"Player {number}", evals=(30, 30, 30, 400, 400, 400))[0])
    kept = [str(costly.game.player(Side.WHITE).name) for costly in summary.costliest()]
    assert kept == [f"Player {number}" for number in range(12)]
    assert all(a.loss >= b.loss for a, b in pairwise(summary.costliest()))


def test_a_player_is_found_however_the_name_is_spelled() -> None:
    summary = Summary(["Magnus Carlsen"])
    summary.add(reviewed("1. e4 e5", white="Carlsen, Magnus", evals=[20, 20])[0])
    assert summary.overall.games == 1
    assert list(summary.by_side) == [Side.WHITE]
